#include "http/frame_watch.hpp"

#include <gtest/gtest.h>

#include <string>

namespace breakwater::http {
namespace {

std::string frame(unsigned first, std::string_view payload, bool masked = true) {
    std::string out{static_cast<char>(first)};
    const unsigned mask_bit = masked ? 0x80 : 0;
    if (payload.size() < 126) {
        out += static_cast<char>(mask_bit | payload.size());
    } else if (payload.size() < 65'536) {
        out += static_cast<char>(mask_bit | 126);
        out += static_cast<char>(payload.size() >> 8);
        out += static_cast<char>(payload.size());
    } else {
        out += static_cast<char>(mask_bit | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            out += static_cast<char>(payload.size() >> shift);
    }
    const std::string key = masked ? "\x12\x34\x56\x78" : std::string{};
    out += key;
    for (std::size_t i = 0; i < payload.size(); ++i)
        out += static_cast<char>(payload[i] ^ (masked ? key[i % 4] : 0));
    return out;
}

std::string close_frame(unsigned code, bool masked = true) {
    return frame(0x88, std::string{static_cast<char>(code >> 8), static_cast<char>(code)} + "bye", masked);
}

struct observation {
    std::size_t empty_frames = 0;
    bool bad_close_code = false;
};

observation observe(std::string_view bytes, std::size_t step) {
    frame_watch watch;
    observation result;
    while (!bytes.empty()) {
        result.empty_frames += watch.parse(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
    }
    result.bad_close_code = watch.bad_close_code();
    return result;
}

TEST(frame_watch, counts_frames_without_message_data_in_any_split) {
    const std::string bytes = frame(0x81, "a message") + frame(0x89, "") + frame(0x8a, "pong") +
                              frame(0x01, "a mess") + frame(0x00, "") + frame(0x89, std::string(125, 'x')) +
                              frame(0x00, "ag") + frame(0x80, "") + frame(0x82, std::string(300, '\x89')) +
                              frame(0x81, std::string(70'000, '\x89')) + frame(0x81, "") + frame(0x01, "") +
                              frame(0x89, "", false) + close_frame(1000);
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{1000}, bytes.size()}) {
        const observation result = observe(bytes, step);
        EXPECT_EQ(result.empty_frames, 6U)
            << "3 pings, a pong, an empty fragment, an empty first fragment; split at " << step;
        EXPECT_FALSE(result.bad_close_code);
    }
}

// RFC 6455 section 7.4
TEST(frame_watch, detects_invalid_close_codes) {
    for (const unsigned valid :
         {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 3000U, 4000U, 4999U})
        for (const bool masked : {true, false})
            for (const std::size_t step : {1U, 2U, 100U})
                EXPECT_FALSE(observe(close_frame(valid, masked), step).bad_close_code) << valid;
    for (const unsigned invalid : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 2000U, 2999U, 5000U, 65'535U})
        for (const std::size_t step : {1U, 2U, 100U})
            EXPECT_TRUE(observe(frame(0x81, "first") + close_frame(invalid), step).bad_close_code) << invalid;
    EXPECT_FALSE(observe(frame(0x88, ""), 1).bad_close_code) << "a close frame may have no code";
    EXPECT_FALSE(observe(frame(0x81, "\x13\x88"), 1).bad_close_code) << "5000, but in a message";
}

} // namespace
} // namespace breakwater::http
