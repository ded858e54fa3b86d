#pragma once

#include <string>
#include <string_view>

namespace breakwater {

/// The form of a text for searches: without case and accents, so that `lodz` finds `Łódź`. Applies
/// compatibility decomposition and full case folding (Unicode 14, sections 3.11 and 5.18) and removes marks.
/// Then it replaces letters that Unicode does not decompose by the letters people type (`ł` by `l`, `æ` by
/// `ae`). The web and the desktop client fold the same way. If the text is not UTF-8, only ASCII is folded.
[[nodiscard]] std::string folded(std::string_view text);

} // namespace breakwater
