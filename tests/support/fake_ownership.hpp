#pragma once

#include "storage/device_ownership.hpp"

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace breakwater::test {

/// This process owns all devices but those that a test gives to another one.
class fake_ownership final : public storage::device_ownership {
public:
    bool owns(const device_id& device) const override { return !elsewhere.contains(device); }
    void acquire(const device_id& device, acquire_handler done) override {
        if (owns(device))
            done({});
        else
            waiting_[device].push_back(std::move(done));
    }
    /// Ends all waiting calls of `acquire` for the device.
    void answer(const device_id& device, const result<void>& outcome) {
        if (outcome)
            elsewhere.erase(device);
        for (acquire_handler& done : std::exchange(waiting_[device], {}))
            done(outcome);
    }
    std::size_t waiting(const device_id& device) { return waiting_[device].size(); }

    std::set<device_id> elsewhere;

private:
    std::map<device_id, std::vector<acquire_handler>> waiting_;
};

} // namespace breakwater::test
