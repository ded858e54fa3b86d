#include "telemetry/bounded_line.hpp"

#include <array>

namespace breakwater::telemetry {

bool read_bounded_line(std::istream& from, std::string& line, std::size_t most, std::uint64_t& bytes) {
    line.clear();
    std::array<char, 16384> piece; // NOLINT(cppcoreguidelines-pro-type-member-init): is read into
    for (bool begun = false;; begun = true) {
        from.getline(piece.data(), piece.size());
        const auto count = static_cast<std::size_t>(from.gcount());
        bytes += count;
        const bool whole = from.good(); // then the end of the line was taken, too, and counted
        if (line.size() <= most)
            line.append(piece.data(), whole ? count - 1 : count);
        if (whole)
            return true;
        if (from.bad())
            return false;
        if (from.eof()) {
            if (!begun && count == 0)
                return false;
            from.clear(std::ios::eofbit); // what was there is the last line
            return true;
        }
        from.clear(); // the piece is full
    }
}

} // namespace breakwater::telemetry
