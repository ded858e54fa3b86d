#include "http/metrics.hpp"

#include "http/metrics_format.hpp"
#include "http/router.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace breakwater::http {

namespace {

/// Every other status is counted in the last entry, 0.
constexpr std::array<unsigned, 29> statuses{200, 201, 202, 204, 206, 304, 400, 401, 403, 404,
                                            405, 408, 409, 411, 412, 413, 414, 415, 417, 422,
                                            429, 431, 500, 501, 502, 503, 505, 507, 0};
constexpr std::array<double, 12> bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                        0.01,   0.025,   0.05,   0.1,   0.5,    2.5};

/// I/O threads count in different shards to avoid sharing cache lines; a reader adds the shards up.
constexpr std::size_t shard_count = 4;

using counter = std::atomic<std::uint64_t>;

std::size_t status_index(unsigned status) noexcept {
    const auto position = std::ranges::find(statuses, status);
    return position == statuses.end() ? statuses.size() - 1
                                      : static_cast<std::size_t>(position - statuses.begin());
}

std::size_t shard_of_this_thread() noexcept {
    static std::atomic<std::size_t> next{0};
    thread_local const std::size_t shard = next.fetch_add(1, std::memory_order_relaxed) % shard_count;
    return shard;
}

void add(counter& total, std::uint64_t amount) noexcept {
    total.fetch_add(amount, std::memory_order_relaxed);
}

struct row_counters {
    std::array<counter, statuses.size()> by_status{};
    std::array<counter, bounds.size() + 1> by_duration{}; ///< not cumulative; the last is above all bounds
    counter nanoseconds{0};
};

} // namespace

struct metrics::impl {
    const router& routes;
    std::size_t rows; ///< the rows of the table, and one for unrouted requests
    std::array<std::unique_ptr<row_counters[]>, shard_count> shards;

    template <class Counter>
    std::uint64_t total(std::size_t row, Counter counter_of) const {
        std::uint64_t sum = 0;
        for (const auto& shard : shards)
            sum += counter_of(shard[row]).load(std::memory_order_relaxed);
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

void metrics::record_response(std::size_t index, unsigned status,
                              std::chrono::nanoseconds duration) noexcept {
    row_counters& row = impl_->shards[shard_of_this_thread()][std::min(index, impl_->rows - 1)];
    add(row.by_status[status_index(status)], 1);
    const double seconds = std::chrono::duration<double>(duration).count();
    add(row.by_duration[static_cast<std::size_t>(std::ranges::lower_bound(bounds, seconds) - bounds.begin())],
        1);
    add(row.nanoseconds, static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0)));
}

void metrics::append_to(std::string& out) const {
    const auto output = std::back_inserter(out);
    out += "# HELP breakwater_http_requests_total Responses by route and status.\n"
           "# TYPE breakwater_http_requests_total counter\n";
    for (std::size_t row = 0; row < impl_->rows; ++row)
        for (std::size_t i = 0; i < statuses.size(); ++i)
            if (const auto count =
                    impl_->total(row, [i](auto& counters) -> auto& { return counters.by_status[i]; });
                count != 0)
                fmt::format_to(output, "breakwater_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
                               impl_->name(row), statuses[i] == 0 ? "other" : std::to_string(statuses[i]),
                               count);

    out += "# HELP breakwater_http_request_duration_seconds "
           "Time from the end of the request header to the response.\n"
           "# TYPE breakwater_http_request_duration_seconds histogram\n";
    constexpr std::string_view name = "breakwater_http_request_duration_seconds";
    for (std::size_t row = 0; row < impl_->rows; ++row) {
        std::array<std::uint64_t, bounds.size() + 1> counts{};
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < counts.size(); ++i)
            sum += counts[i] =
                impl_->total(row, [i](auto& counters) -> auto& { return counters.by_duration[i]; });
        if (sum == 0)
            continue;
        std::uint64_t cumulative = 0;
        for (std::size_t i = 0; i < bounds.size(); ++i)
            fmt::format_to(output, "{}_bucket{{route=\"{}\",le=\"{}\"}} {}\n", name, impl_->name(row),
                           bounds[i], cumulative += counts[i]);
        fmt::format_to(output, "{}_bucket{{route=\"{}\",le=\"+Inf\"}} {}\n", name, impl_->name(row), sum);
        const auto nanoseconds =
            impl_->total(row, [](auto& counters) -> auto& { return counters.nanoseconds; });
        fmt::format_to(output, "{}_sum{{route=\"{}\"}} {}\n", name, impl_->name(row),
                       static_cast<double>(nanoseconds) * 1e-9);
        fmt::format_to(output, "{}_count{{route=\"{}\"}} {}\n", name, impl_->name(row), sum);
    }

    const auto append_single = [&out](std::string_view metric, std::string_view type, std::string_view help,
                                      auto value) {
        metric_head(out, metric, type, help);
        metric_sample(out, metric, "", value);
    };
    append_single("breakwater_http_connections", "gauge", "Open connections.", connections_.open.load());
    append_single("breakwater_http_connections_refused_total", "counter",
                  "Connections refused because of the total limit.", connections_.refused.load());
    append_single("breakwater_http_connections_refused_by_client_total", "counter",
                  "Connections refused because of the limit per client.",
                  connections_.refused_by_client.load());
    renamed_metric(out, "breakwater_http_invalid_requests_total", "breakwater_http_turned_away_total",
                   "counter", "Requests that the request validator refused.", refused_requests_.load());
    append_single("breakwater_http_body_bytes", "gauge", "Memory of the request bodies over 4 KiB.",
                  bodies_ ? bodies_->held() : 0);
    append_single("breakwater_http_bodies_refused_total", "counter",
                  "Request bodies refused because of the memory limit.", refused_bodies_.load());
}

} // namespace breakwater::http
