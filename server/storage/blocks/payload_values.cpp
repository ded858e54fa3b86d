#include "storage/blocks/payload_values.hpp"

#include "storage/blocks/payload_shape.hpp"

#include <unordered_set>
#include <utility>

namespace breakwater::storage::blocks {

namespace {

/// Limit of cached shapes. A client that sends more shapes costs time, but not memory.
constexpr std::size_t max_cached_shapes = 64;

} // namespace

const std::vector<std::string>& payload_values::names_of_shape() {
    if (const auto entry = names_by_shape_.find(shape_); entry != names_by_shape_.end())
        return entry->second;
    if (names_by_shape_.size() == max_cached_shapes)
        names_by_shape_.clear();
    std::vector<std::string>& names = names_by_shape_[shape_];
    std::unordered_set<std::string> used;
    for (std::string& name : slot_names(shape_))
        names.push_back(used.insert(name).second ? std::move(name) : std::string{});
    return names;
}

void payload_values::for_each(std::string_view payload,
                              const std::function<void(const std::string&, std::string_view)>& visit) {
    values_.clear();
    if (!split_payload(payload, shape_, values_))
        return;
    const std::vector<std::string>& names = names_of_shape();
    for (std::size_t i = 0; i < values_.size() && i < names.size(); ++i)
        if (!names[i].empty())
            visit(names[i], values_[i]);
}

} // namespace breakwater::storage::blocks
