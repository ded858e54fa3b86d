#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/category.hpp"
#include "domain/policy.hpp"

#include <utility>
#include <vector>

namespace breakwater::storage {

/// What was decided for categories and for single devices. An empty policy is none.
class policy_store {
public:
    virtual ~policy_store() = default;

    virtual result<std::vector<std::pair<category, reading_policy>>> of_categories() const = 0;
    virtual result<std::vector<std::pair<device_id, reading_policy>>> of_devices() const = 0;

    virtual result<void> put(category of, const reading_policy& decided) = 0;
    /// `not_found` where the device is gone. Goes with the device.
    virtual result<void> put(const device_id& of, const reading_policy& decided) = 0;
};

} // namespace breakwater::storage
