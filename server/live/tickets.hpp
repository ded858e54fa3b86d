#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "http/message.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::live {

/// One-time tickets: whoever holds one may open a live connection as who it was made for, once and within
/// seconds. They are in memory only, as digests. Any thread may call.
class tickets {
public:
    static constexpr std::chrono::seconds lifetime{30};
    static constexpr std::size_t most_of_one = 16; ///< of one person at a time
    static constexpr std::size_t most = 10'000;

    tickets(const clock& time, random_source& random) : clock_{time}, random_{random} {}

    /// `rate_limited` where the person has many that weren't used, `overloaded` where everybody together has.
    result<std::string> issue(const http::principal& to);
    /// Nothing where there is no such ticket, or no longer.
    [[nodiscard]] std::optional<http::principal> take(std::string_view ticket);

private:
    struct entry {
        http::principal who;
        steady_point until;
    };
    void drop_old(steady_point now);

    const clock& clock_;
    random_source& random_;
    std::mutex mutex_;
    std::map<crypto::sha256_digest, entry> open_;
};

} // namespace breakwater::live
