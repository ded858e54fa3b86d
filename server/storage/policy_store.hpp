#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/category.hpp"
#include "domain/policy.hpp"

#include <utility>
#include <vector>

namespace breakwater::storage {

/// Policies of categories and of single devices. Storing an empty policy removes the entry.
class policy_store {
public:
    virtual ~policy_store() = default;

    virtual result<std::vector<std::pair<category, reading_policy>>> of_categories() const = 0;
    virtual result<std::vector<std::pair<device_id, reading_policy>>> of_devices() const = 0;

    virtual result<void> put(category kind, const reading_policy& policy) = 0;
    /// `not_found` if the device does not exist. Removing the device removes its policy.
    virtual result<void> put(const device_id& device, const reading_policy& policy) = 0;
};

} // namespace breakwater::storage
