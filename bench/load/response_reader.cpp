#include "load/response_reader.hpp"

#include <algorithm>
#include <charconv>

namespace breakwater::bench {

namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

template <class Number>
bool read_number(std::string_view text, Number& out, int base = 10) noexcept {
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out, base);
    return code == std::errc{} && end == text.data() + text.size();
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

} // namespace

void response_reader::reset() noexcept {
    text_.clear();
    decoded_.clear();
    chunk_at_ = 0;
    chunked_ = false;
    head_size_ = 0;
    body_size_ = 0;
    status_ = 0;
    retry_after_ = 0;
    keeps_alive_ = true;
}

bool response_reader::read_head() {
    std::string_view rest = std::string_view{text_}.substr(0, head_size_ - 2);
    const auto next_line = [&rest] {
        const std::size_t end = std::min(rest.find("\r\n"), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 2, rest.size()));
        return line;
    };
    const std::string_view first = next_line();
    if (!first.starts_with("HTTP/1.1 ") || first.size() < 12 || !read_number(first.substr(9, 3), status_))
        return false;
    bool has_length = status_ == 204 || status_ == 304;
    while (!rest.empty()) {
        const std::string_view line = next_line();
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos)
            return false;
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trim(line.substr(colon + 1));
        if (name.size() == 14 && equals_ignoring_case(name, "content-length")) {
            if (!read_number(value, body_size_))
                return false;
            has_length = true;
        } else if (name.size() == 10 && equals_ignoring_case(name, "connection")) {
            keeps_alive_ = !equals_ignoring_case(value, "close");
        } else if (name.size() == 11 && equals_ignoring_case(name, "retry-after")) {
            if (!read_number(value, retry_after_))
                retry_after_ = 0;
        } else if (name.size() == 17 && equals_ignoring_case(name, "transfer-encoding")) {
            if (!equals_ignoring_case(value, "chunked"))
                return false;
            chunked_ = true;
            chunk_at_ = head_size_;
        }
    }
    return has_length != chunked_ && body_size_ <= max_bytes;
}

response_reader::state response_reader::read_chunks() {
    for (;;) {
        const std::size_t line_end = text_.find("\r\n", chunk_at_);
        if (line_end == std::string::npos)
            return text_.size() > max_bytes ? state::broken : state::incomplete;
        std::size_t size = 0;
        if (!read_number(std::string_view{text_}.substr(chunk_at_, line_end - chunk_at_), size, 16) ||
            size > max_bytes - decoded_.size())
            return state::broken;
        const std::size_t begin = line_end + 2;
        if (text_.size() < begin + size + 2)
            return state::incomplete;
        if (text_.compare(begin + size, 2, "\r\n") != 0)
            return state::broken;
        if (size == 0)
            return text_.size() == begin + 2 ? state::complete : state::broken;
        decoded_.append(text_, begin, size);
        chunk_at_ = begin + size + 2;
    }
}

response_reader::state response_reader::feed(std::string_view bytes) {
    // The end of the head may have arrived in two pieces.
    const std::size_t search_from = text_.size() < 3 ? 0 : text_.size() - 3;
    text_ += bytes;
    if (head_size_ == 0) {
        const std::size_t end = text_.find("\r\n\r\n", search_from);
        if (end == std::string::npos)
            return text_.size() > max_bytes ? state::broken : state::incomplete;
        head_size_ = end + 4;
        if (!read_head())
            return state::broken;
    }
    if (chunked_)
        return read_chunks();
    const std::size_t whole = head_size_ + body_size_;
    if (text_.size() < whole)
        return state::incomplete;
    return text_.size() == whole ? state::complete : state::broken; // bytes after the response
}

} // namespace breakwater::bench
