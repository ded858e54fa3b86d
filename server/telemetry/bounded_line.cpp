#include "telemetry/bounded_line.hpp"

#include <ios>
#include <streambuf>

namespace breakwater::telemetry {

std::optional<std::string_view> read_bounded_line(std::istream& input, std::string& line,
                                                  std::size_t max_size, std::uint64_t& bytes) {
    using traits = std::char_traits<char>;
    line.clear();
    std::streambuf& source = *input.rdbuf();
    try {
        for (bool has_content = false;; has_content = true) {
            const auto next = source.sbumpc();
            if (traits::eq_int_type(next, traits::eof())) {
                input.setstate(std::ios::eofbit);
                return has_content ? std::optional{std::string_view{}} : std::nullopt;
            }
            ++bytes;
            const char character = traits::to_char_type(next);
            if (character == '\n')
                return "\n";
            if (character == '\r') {
                if (!traits::eq_int_type(source.sgetc(), traits::to_int_type('\n')))
                    return "\r";
                source.sbumpc();
                ++bytes;
                return "\r\n";
            }
            if (line.size() <= max_size)
                line += character;
        }
    } catch (const std::ios_base::failure&) { // the stream buffer could not read the file
        input.setstate(std::ios::badbit);
        return std::nullopt;
    }
}

} // namespace breakwater::telemetry
