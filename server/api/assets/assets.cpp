#include "api/assets/assets.hpp"

#include <algorithm>

namespace breakwater::api {

const asset* find_asset(std::string_view path) noexcept {
    const std::span<const asset> all = assets();
    const auto found = std::ranges::find(all, path, &asset::path);
    return found == all.end() ? nullptr : &*found;
}

} // namespace breakwater::api
