#pragma once

#include <string>
#include <string_view>

namespace breakwater {

/// A text as it is looked for: without case and accents, so that `lodz` finds `Łódź`. Compatibility
/// decomposition and full case folding (Unicode 14, sections 3.11 and 5.18) without marks, then letters that
/// have no accent by Unicode as people type them (`ł` as `l`, `æ` as `ae`). The web and the desktop client
/// fold the same way. Of what isn't UTF-8, ASCII alone is folded.
[[nodiscard]] std::string folded(std::string_view text);

} // namespace breakwater
