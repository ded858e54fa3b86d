#include "storage/blocks/payload_values.hpp"

#include "storage/blocks/payload_shape.hpp"

#include <unordered_set>
#include <utility>

namespace breakwater::storage::blocks {

namespace {

/// Whoever invents shapes without end pays for it with time, and not we with memory.
constexpr std::size_t most_known = 64;

} // namespace

const std::vector<std::string>& payload_values::names_of_shape() {
    if (const auto found = known_.find(shape_); found != known_.end())
        return found->second;
    if (known_.size() == most_known)
        known_.clear();
    std::vector<std::string>& names = known_[shape_];
    std::unordered_set<std::string> taken;
    for (std::string& name : slot_names(shape_))
        names.push_back(taken.insert(name).second ? std::move(name) : std::string{});
    return names;
}

void payload_values::each(std::string_view payload,
                          const std::function<void(const std::string&, std::string_view)>& visit) {
    values_.clear();
    if (!take_apart(payload, shape_, values_))
        return;
    const std::vector<std::string>& names = names_of_shape();
    for (std::size_t i = 0; i < values_.size() && i < names.size(); ++i)
        if (!names[i].empty())
            visit(names[i], values_[i]);
}

} // namespace breakwater::storage::blocks
