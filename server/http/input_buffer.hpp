#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace breakwater::http {

/// Bytes that were received but not consumed. Shrinks to `usual_size` when it is empty after a large header.
class input_buffer {
public:
    static constexpr std::size_t usual_size = 4U << 10;

    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_)
            begin_ = end_ = 0;
    }

    /// Free space to read into; `added` then makes it part of the view. Never empty: a full buffer doubles
    /// its size. Invalidates views.
    [[nodiscard]] std::span<char> free_space() {
        if (empty() && size_ != usual_size) {
            bytes_ = std::make_unique_for_overwrite<char[]>(usual_size);
            size_ = usual_size;
        } else if (end_ == size_) {
            make_space();
        }
        return {bytes_.get() + end_, size_ - end_};
    }
    void added(std::size_t count) noexcept { end_ += count; }

private:
    void make_space() {
        const std::size_t used = end_ - begin_;
        if (begin_ != 0) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, used);
        } else {
            auto larger = std::make_unique_for_overwrite<char[]>(size_ * 2);
            std::memcpy(larger.get(), bytes_.get(), used);
            bytes_ = std::move(larger);
            size_ *= 2;
        }
        begin_ = 0;
        end_ = used;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace breakwater::http
