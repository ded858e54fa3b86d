#include "telemetry/bounded_line.hpp"

#include <ios>
#include <streambuf>

namespace breakwater::telemetry {

std::optional<std::string_view> read_bounded_line(std::istream& from, std::string& line, std::size_t most,
                                                  std::uint64_t& bytes) {
    using traits = std::char_traits<char>;
    line.clear();
    std::streambuf& source = *from.rdbuf();
    try {
        for (bool begun = false;; begun = true) {
            const auto next = source.sbumpc();
            if (traits::eq_int_type(next, traits::eof())) {
                from.setstate(std::ios::eofbit);
                return begun ? std::optional{std::string_view{}} : std::nullopt;
            }
            ++bytes;
            const char each = traits::to_char_type(next);
            if (each == '\n')
                return "\n";
            if (each == '\r') {
                if (!traits::eq_int_type(source.sgetc(), traits::to_int_type('\n')))
                    return "\r";
                source.sbumpc();
                ++bytes;
                return "\r\n";
            }
            if (line.size() <= most)
                line += each;
        }
    } catch (const std::ios_base::failure&) { // the file's buffer couldn't read
        from.setstate(std::ios::badbit);
        return std::nullopt;
    }
}

} // namespace breakwater::telemetry
