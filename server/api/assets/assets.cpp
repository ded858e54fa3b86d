#include "api/assets/assets.hpp"

#include <algorithm>

namespace breakwater::api {

const asset* find_asset(std::string_view path) noexcept {
    const std::span<const asset> files = assets();
    const auto position = std::ranges::find(files, path, &asset::path);
    return position == files.end() ? nullptr : &*position;
}

} // namespace breakwater::api
