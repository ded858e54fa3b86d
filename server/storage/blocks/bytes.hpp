#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::storage::blocks {

/// Small differences of either sign as small unsigned numbers (Protocol Buffers' ZigZag).
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/// Differences that can't overflow: they wrap, and adding them wraps back.
[[nodiscard]] constexpr std::int64_t wrapped_sum(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
[[nodiscard]] constexpr std::int64_t wrapped_difference(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

inline void put_byte(std::string& out, std::uint8_t value) {
    out.push_back(static_cast<char>(value));
}

/// Seven bits a byte, the lowest first (LEB128).
inline void put_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        put_byte(out, static_cast<std::uint8_t>(value | 0x80));
    put_byte(out, static_cast<std::uint8_t>(value));
}

inline void put_text(std::string& out, std::string_view text) {
    put_varint(out, text.size());
    out += text;
}

/// Reads what the functions above wrote, from bytes that nobody vouches for. Past the end, and after anything
/// that makes no sense, it has failed for good and gives zeros and nothing: so a caller may look once at the
/// end, and must bound its loops by what it was given, not by what it read.
class byte_source {
public:
    explicit byte_source(std::string_view bytes) noexcept : left_{bytes} {}

    [[nodiscard]] std::uint8_t byte() noexcept {
        if (left_.empty()) {
            fail();
            return 0;
        }
        const auto value = static_cast<std::uint8_t>(left_.front());
        left_.remove_prefix(1);
        return value;
    }
    [[nodiscard]] std::uint64_t varint() noexcept {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint8_t next = byte();
            if (shift == 63 && next > 1)
                break;
            value |= std::uint64_t{next & 0x7fU} << shift;
            if (next < 0x80)
                return failed_ ? 0 : value;
        }
        fail();
        return 0;
    }
    /// A number that counts things of which there can't be more than `most`.
    [[nodiscard]] std::size_t count(std::size_t most) noexcept {
        const std::uint64_t value = varint();
        if (value <= most)
            return static_cast<std::size_t>(value);
        fail();
        return 0;
    }
    [[nodiscard]] std::string_view rest() const noexcept { return left_; }
    [[nodiscard]] std::string_view text() noexcept { return bytes(count(left_.size())); }
    [[nodiscard]] std::string_view bytes(std::size_t size) noexcept {
        if (size > left_.size()) {
            fail();
            return {};
        }
        const std::string_view taken = left_.substr(0, size);
        left_.remove_prefix(size);
        return taken;
    }

    void fail() noexcept {
        failed_ = true;
        left_ = {};
    }
    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }

private:
    std::string_view left_;
    bool failed_ = false;
};

} // namespace breakwater::storage::blocks
