#include "services/reading_service.hpp"

#include <fmt/format.h>

#include <array>

namespace breakwater::services {

namespace {

result<std::vector<reading>> read_page(storage::database& store, const storage::reading_filter& filter,
                                       storage::reading_order order,
                                       std::optional<storage::reading_position> after, std::size_t limit) {
    return storage::ask(store, [&](const storage::snapshot& view) {
        return view.readings().page(filter, order, after, limit);
    });
}

} // namespace

result<std::vector<reading>> reading_service::page(const storage::reading_filter& filter,
                                                   std::optional<storage::reading_position> after,
                                                   std::size_t limit, const caller& who) {
    if (auto allowed = devices_.authorise(filter.device_id, who); !allowed)
        return pass(std::move(allowed));
    return read_page(store_, filter, storage::reading_order::newest_first, after, limit);
}

result<storage::reading_summary> reading_service::summary(const storage::reading_filter& filter,
                                                          const caller& who) {
    if (auto allowed = devices_.authorise(filter.device_id, who); !allowed)
        return pass(std::move(allowed));
    return storage::ask(store_,
                        [&](const storage::snapshot& view) { return view.readings().summary(filter); });
}

result<std::vector<storage::series>> reading_service::aggregates(const storage::series_question& asked,
                                                                 const caller& who) {
    if (auto allowed = devices_.authorise(asked.device_id, who); !allowed)
        return pass(std::move(allowed));
    return storage::ask(store_,
                        [&](const storage::snapshot& view) { return view.readings().aggregates(asked); });
}

result<std::vector<storage::latest_state>> reading_service::latest(std::span<const device> devices,
                                                                   bool include_simulated) {
    // Two questions: of those of which what is made up counts, and of the others.
    std::array<std::vector<device_id>, 2> ids;
    for (const device& each : devices)
        ids[include_simulated && !each.is_real() ? 1 : 0].push_back(each.id);
    return storage::ask(store_,
                        [&](const storage::snapshot& view) -> result<std::vector<storage::latest_state>> {
                            std::array<std::vector<storage::latest_state>, 2> fields;
                            for (const bool simulated : {false, true}) {
                                auto found = view.readings().latest(ids[simulated ? 1 : 0], simulated);
                                if (!found)
                                    return found;
                                fields[simulated ? 1 : 0] = std::move(*found);
                            }
                            std::vector<storage::latest_state> out;
                            out.reserve(devices.size());
                            std::array<std::size_t, 2> next{};
                            for (const device& each : devices) {
                                const std::size_t kind = include_simulated && !each.is_real() ? 1 : 0;
                                out.push_back(std::move(fields[kind][next[kind]++]));
                            }
                            return out;
                        });
}

result<std::vector<reading>> reading_service::export_page(const storage::reading_filter& filter,
                                                          std::optional<storage::reading_position> after,
                                                          std::size_t limit) {
    return read_page(store_, filter, storage::reading_order::oldest_first, after, limit);
}

result<void> reading_service::authorise_export(const device_id& id, timestamp now, const caller& who) {
    if (auto allowed = devices_.authorise(id, who); !allowed)
        return allowed;
    return record_export({&id, 1}, fmt::format("Readings of device {} exported.", id.to_string()), now, who);
}

result<std::vector<device_id>> reading_service::authorise_export(timestamp now, const caller& who) {
    const auto found = devices_.list({}, who);
    if (!found)
        return std::unexpected(found.error());
    std::vector<device_id> ids;
    ids.reserve(found->size());
    for (const device& each : *found)
        ids.push_back(each.id);
    if (auto recorded =
            record_export(ids, fmt::format("Readings of {} devices exported.", ids.size()), now, who);
        !recorded)
        return pass(std::move(recorded));
    return ids;
}

result<void> reading_service::record_export(std::span<const device_id> devices, std::string detail,
                                            timestamp now, const caller& who) {
    auto event =
        event_of(who, now, event_type::export_data, event_status::success, std::nullopt, std::move(detail));
    for (const device_id& each : devices)
        add_target(event, target_of(target_type::device, each));
    return store_.write([&](storage::transaction& tx) -> result<void> {
        auto recorded = tx.audit().append(event);
        return recorded ? result<void>{} : pass(std::move(recorded));
    });
}

} // namespace breakwater::services
