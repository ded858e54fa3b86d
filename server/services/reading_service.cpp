#include "services/reading_service.hpp"

#include <fmt/format.h>

#include <array>

namespace breakwater::services {

namespace {

result<std::vector<reading>> read_page(storage::catalogue& store, const storage::reading_filter& filter,
                                       storage::reading_order order,
                                       std::optional<storage::reading_position> after, std::size_t limit) {
    return storage::fetch(store, [&](const storage::snapshot& view) {
        return view.readings().page(filter, order, after, limit);
    });
}

} // namespace

result<std::vector<reading>> reading_service::page(const storage::reading_filter& filter,
                                                   std::optional<storage::reading_position> after,
                                                   std::size_t limit, const caller& caller) {
    if (auto allowed = devices_.authorise(identity::action::see_device, filter.device_id, caller); !allowed)
        return pass(std::move(allowed));
    return read_page(store_, filter, storage::reading_order::newest_first, after, limit);
}

result<storage::reading_summary> reading_service::summary(const storage::reading_filter& filter,
                                                          const caller& caller) {
    if (auto allowed = devices_.authorise(identity::action::see_device, filter.device_id, caller); !allowed)
        return pass(std::move(allowed));
    return storage::fetch(store_,
                          [&](const storage::snapshot& view) { return view.readings().summary(filter); });
}

result<std::vector<storage::series>> reading_service::aggregates(const storage::series_query& query,
                                                                 const caller& caller) {
    if (auto allowed = devices_.authorise(identity::action::see_device, query.device_id, caller); !allowed)
        return pass(std::move(allowed));
    return storage::fetch(store_,
                          [&](const storage::snapshot& view) { return view.readings().aggregates(query); });
}

result<std::vector<latest_state>> reading_service::latest(std::span<const device> devices,
                                                          bool include_simulated) {
    // Two queries: index 1 holds the devices whose simulated readings count, index 0 the others.
    std::array<std::vector<device_id>, 2> ids;
    for (const device& item : devices)
        ids[include_simulated && !item.is_real() ? 1 : 0].push_back(item.id);
    return storage::fetch(store_, [&](const storage::snapshot& view) -> result<std::vector<latest_state>> {
        std::array<std::vector<latest_state>, 2> states_of;
        for (const bool simulated : {false, true}) {
            auto states = view.readings().latest(ids[simulated ? 1 : 0], simulated);
            if (!states)
                return states;
            states_of[simulated ? 1 : 0] = std::move(*states);
        }
        std::vector<latest_state> out;
        out.reserve(devices.size());
        std::array<std::size_t, 2> next{};
        for (const device& item : devices) {
            const std::size_t kind = include_simulated && !item.is_real() ? 1 : 0;
            out.push_back(std::move(states_of[kind][next[kind]++]));
        }
        return out;
    });
}

result<std::vector<reading>> reading_service::export_page(const storage::reading_filter& filter,
                                                          std::optional<storage::reading_position> after,
                                                          std::size_t limit) {
    return read_page(store_, filter, storage::reading_order::oldest_first, after, limit);
}

result<void> reading_service::authorise_export(const device_id& id, timestamp now, const caller& caller) {
    if (auto allowed = devices_.authorise(identity::action::see_device, id, caller); !allowed)
        return allowed;
    return record_export({&id, 1}, fmt::format("Readings of device {} exported.", id.to_string()), now,
                         caller);
}

result<std::vector<device_id>> reading_service::authorise_export(timestamp now, const caller& caller) {
    const auto devices = devices_.list({}, caller);
    if (!devices)
        return std::unexpected(devices.error());
    std::vector<device_id> ids;
    ids.reserve(devices->size());
    for (const device& item : *devices)
        ids.push_back(item.id);
    if (auto recorded =
            record_export(ids, fmt::format("Readings of {} devices exported.", ids.size()), now, caller);
        !recorded)
        return pass(std::move(recorded));
    return ids;
}

result<void> reading_service::record_export(std::span<const device_id> devices, std::string detail,
                                            timestamp now, const caller& caller) {
    auto event = event_of(caller, now, event_type::export_data, event_status::success, std::nullopt,
                          std::move(detail));
    for (const device_id& id : devices)
        add_target(event, target_of(target_type::device, id));
    return store_.write([&](storage::transaction& tx) -> result<void> {
        auto recorded = tx.audit().append(event);
        return recorded ? result<void>{} : pass(std::move(recorded));
    });
}

} // namespace breakwater::services
