#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::storage::blocks {

/// Maps small positive and negative numbers to small unsigned numbers (ZigZag, as in Protocol Buffers).
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/// Sum and difference that wrap on overflow: `wrapped_sum(b, wrapped_difference(a, b)) == a` for all values.
[[nodiscard]] constexpr std::int64_t wrapped_sum(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
[[nodiscard]] constexpr std::int64_t wrapped_difference(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

inline void put_byte(std::string& out, std::uint8_t value) {
    out.push_back(static_cast<char>(value));
}

/// LEB128: seven bits per byte, lowest bits first.
inline void put_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        put_byte(out, static_cast<std::uint8_t>(value | 0x80));
    put_byte(out, static_cast<std::uint8_t>(value));
}

inline void put_text(std::string& out, std::string_view text) {
    put_varint(out, text.size());
    out += text;
}

/// Reads untrusted bytes that the functions above wrote. After the end of the bytes or an invalid value, the
/// source has failed permanently and returns zeros and empty texts. So a caller can check `failed()` once at
/// the end, but must not use a number it has read as an unchecked loop bound.
class byte_source {
public:
    explicit byte_source(std::string_view bytes) noexcept : rest_{bytes} {}

    [[nodiscard]] std::uint8_t byte() noexcept {
        if (rest_.empty()) {
            fail();
            return 0;
        }
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
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
    /// Reads a count. Fails if it exceeds `limit`.
    [[nodiscard]] std::size_t count(std::size_t limit) noexcept {
        const std::uint64_t value = varint();
        if (value <= limit)
            return static_cast<std::size_t>(value);
        fail();
        return 0;
    }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    [[nodiscard]] std::string_view text() noexcept { return bytes(count(rest_.size())); }
    [[nodiscard]] std::string_view bytes(std::size_t size) noexcept {
        if (size > rest_.size()) {
            fail();
            return {};
        }
        const std::string_view prefix = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return prefix;
    }

    void fail() noexcept {
        failed_ = true;
        rest_ = {};
    }
    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

private:
    std::string_view rest_;
    bool failed_ = false;
};

} // namespace breakwater::storage::blocks
