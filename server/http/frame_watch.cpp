#include "http/frame_watch.hpp"

#include <algorithm>

namespace breakwater::http {

namespace {

constexpr unsigned char final_bit = 0x80;
constexpr unsigned char mask_bit = 0x80;
constexpr unsigned char length_bits = 0x7f;
constexpr unsigned char opcode_bits = 0x0f;
constexpr unsigned close_opcode = 0x8;
constexpr unsigned char two_byte_length = 126;
constexpr unsigned char eight_byte_length = 127;

} // namespace

/// REQUIRES: the first two bytes of the header were read.
std::size_t frame_watch::header_length() const noexcept {
    const unsigned length = header_[1] & length_bits;
    const std::size_t extended = length == two_byte_length ? 2 : length == eight_byte_length ? 8 : 0;
    return 2 + extended + ((header_[1] & mask_bit) != 0 ? 4 : 0);
}

/// REQUIRES: the header is complete. Returns whether the frame carries no message data.
bool frame_watch::begin_payload() noexcept {
    const unsigned opcode = header_[0] & opcode_bits;
    const unsigned length = header_[1] & length_bits;
    remaining_ = length;
    if (length >= two_byte_length) {
        remaining_ = 0;
        for (std::size_t i = 2; i < (length == two_byte_length ? 4U : 10U); ++i)
            remaining_ = remaining_ << 8 | header_[i];
    }
    close_bytes_ = opcode == close_opcode && remaining_ >= 2 ? 0 : 2;
    close_code_ = 0;
    const bool control = opcode >= close_opcode;
    return control ? opcode != close_opcode : remaining_ == 0 && (header_[0] & final_bit) == 0;
}

void frame_watch::read_close_byte(char byte) noexcept {
    const bool masked = (header_[1] & mask_bit) != 0;
    const unsigned char key = masked ? header_[header_length() - 4 + close_bytes_] : 0;
    close_code_ = close_code_ << 8 | (static_cast<unsigned char>(byte) ^ key);
    if (++close_bytes_ == 2)
        bad_close_code_ = bad_close_code_ || !is_sendable_close_code(close_code_);
}

std::size_t frame_watch::parse(std::string_view bytes) noexcept {
    std::size_t empty_frames = 0;
    while (!bytes.empty()) {
        if (remaining_ > 0 && close_bytes_ < 2) {
            read_close_byte(bytes.front());
            bytes.remove_prefix(1);
            --remaining_;
            continue;
        }
        if (remaining_ > 0) {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
            bytes.remove_prefix(length);
            remaining_ -= length;
            continue;
        }
        header_[header_bytes_++] = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        if (header_bytes_ >= 2 && header_bytes_ == header_length()) {
            empty_frames += begin_payload() ? 1 : 0;
            header_bytes_ = 0;
        }
    }
    return empty_frames;
}

} // namespace breakwater::http
