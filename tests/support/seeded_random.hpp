#pragma once

#include "base/random.hpp"

#include <mutex>
#include <random>

namespace breakwater::test {

/// Produces the same bytes in every run.
class seeded_random final : public random_source {
public:
    explicit seeded_random(std::uint64_t seed = 1) : engine_{seed} {}

    void fill(std::span<std::uint8_t> out) override {
        const std::lock_guard lock{mutex_};
        for (std::uint8_t& byte : out)
            byte = static_cast<std::uint8_t>(engine_());
    }

private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

} // namespace breakwater::test
