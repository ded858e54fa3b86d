#include "http/metrics.hpp"

#include "http/metrics_format.hpp"
#include "http/router.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace breakwater::http {

namespace {

/// Whatever else is sent is counted under the last, 0.
constexpr std::array<unsigned, 29> statuses{200, 201, 202, 204, 206, 304, 400, 401, 403, 404,
                                            405, 408, 409, 411, 412, 413, 414, 415, 417, 422,
                                            429, 431, 500, 501, 502, 503, 505, 507, 0};
constexpr std::array<double, 12> bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                        0.01,   0.025,   0.05,   0.1,   0.5,    2.5};

/// I/O threads count in different places, so that they don't pass a cache line to and fro; a reader adds up.
constexpr std::size_t shard_count = 4;

using counter = std::atomic<std::uint64_t>;

std::size_t status_index(unsigned status) noexcept {
    const auto found = std::ranges::find(statuses, status);
    return found == statuses.end() ? statuses.size() - 1 : static_cast<std::size_t>(found - statuses.begin());
}

std::size_t shard_of_this_thread() noexcept {
    static std::atomic<std::size_t> next{0};
    thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed) % shard_count;
    return mine;
}

void add(counter& to, std::uint64_t amount) noexcept {
    to.fetch_add(amount, std::memory_order_relaxed);
}

struct row_counters {
    std::array<counter, statuses.size()> by_status{};
    std::array<counter, bounds.size() + 1> by_duration{}; ///< not cumulative; the last: longer than all
    counter nanoseconds{0};
};

} // namespace

struct metrics::impl {
    const router& routes;
    std::size_t rows; ///< those of the table, and one for what matched none
    std::array<std::unique_ptr<row_counters[]>, shard_count> shards;

    template <class Pick>
    std::uint64_t total(std::size_t row, Pick pick) const {
        std::uint64_t sum = 0;
        for (const auto& shard : shards)
            sum += pick(shard[row]).load(std::memory_order_relaxed);
        return sum;
    }

    std::string_view name(std::size_t row) const { return row + 1 == rows ? "unrouted" : routes.name(row); }
};

metrics::metrics(const router& routes)
    : impl_{std::make_unique<impl>(impl{.routes = routes, .rows = routes.table().size() + 1, .shards = {}})} {
    for (auto& shard : impl_->shards)
        shard = std::make_unique<row_counters[]>(impl_->rows);
}

metrics::~metrics() = default;

void metrics::answered(std::size_t index, unsigned status, std::chrono::nanoseconds took) noexcept {
    row_counters& row = impl_->shards[shard_of_this_thread()][std::min(index, impl_->rows - 1)];
    add(row.by_status[status_index(status)], 1);
    const double seconds = std::chrono::duration<double>(took).count();
    add(row.by_duration[static_cast<std::size_t>(std::ranges::lower_bound(bounds, seconds) - bounds.begin())],
        1);
    add(row.nanoseconds, static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)));
}

void metrics::append_to(std::string& out) const {
    const auto to = std::back_inserter(out);
    out += "# HELP breakwater_http_requests_total Requests answered, by route and status.\n"
           "# TYPE breakwater_http_requests_total counter\n";
    for (std::size_t row = 0; row < impl_->rows; ++row)
        for (std::size_t i = 0; i < statuses.size(); ++i)
            if (const auto count = impl_->total(row, [i](auto& of) -> auto& { return of.by_status[i]; });
                count != 0)
                fmt::format_to(to, "breakwater_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
                               impl_->name(row), statuses[i] == 0 ? "other" : std::to_string(statuses[i]),
                               count);

    out +=
        "# HELP breakwater_http_request_duration_seconds From the end of a request's header to its answer.\n"
        "# TYPE breakwater_http_request_duration_seconds histogram\n";
    constexpr std::string_view name = "breakwater_http_request_duration_seconds";
    for (std::size_t row = 0; row < impl_->rows; ++row) {
        std::array<std::uint64_t, bounds.size() + 1> counts{};
        std::uint64_t all = 0;
        for (std::size_t i = 0; i < counts.size(); ++i)
            all += counts[i] = impl_->total(row, [i](auto& of) -> auto& { return of.by_duration[i]; });
        if (all == 0)
            continue;
        std::uint64_t up_to = 0;
        for (std::size_t i = 0; i < bounds.size(); ++i)
            fmt::format_to(to, "{}_bucket{{route=\"{}\",le=\"{}\"}} {}\n", name, impl_->name(row), bounds[i],
                           up_to += counts[i]);
        fmt::format_to(to, "{}_bucket{{route=\"{}\",le=\"+Inf\"}} {}\n", name, impl_->name(row), all);
        const auto nanoseconds = impl_->total(row, [](auto& of) -> auto& { return of.nanoseconds; });
        fmt::format_to(to, "{}_sum{{route=\"{}\"}} {}\n", name, impl_->name(row),
                       static_cast<double>(nanoseconds) * 1e-9);
        fmt::format_to(to, "{}_count{{route=\"{}\"}} {}\n", name, impl_->name(row), all);
    }

    const auto single = [&out](std::string_view metric, std::string_view type, std::string_view help,
                               auto value) {
        metric_head(out, metric, type, help);
        metric_sample(out, metric, "", value);
    };
    single("breakwater_http_connections", "gauge", "Live connections.", live_connections_.load());
    single("breakwater_http_connections_refused_total", "counter", "Connections over the cap.",
           refused_connections_.load());
    single("breakwater_http_connections_refused_by_client_total", "counter",
           "Connections of clients that had as many as they may.", connections_refused_by_client_.load());
    single("breakwater_http_turned_away_total", "counter", "Requests that the strict gate refused.",
           turned_away_.load());
    single("breakwater_http_body_bytes", "gauge", "What request bodies take in memory, small ones aside.",
           bodies_ ? bodies_->held() : 0);
    single("breakwater_http_bodies_refused_total", "counter",
           "Bodies refused because others took the memory.", refused_bodies_.load());
}

} // namespace breakwater::http
