#pragma once

#include "services/audit_service.hpp"
#include "services/auth_service.hpp"
#include "services/device_service.hpp"
#include "services/user_service.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace breakwater::services {

/// Keeps the changes that the feed delivers.
class change_list final : public storage::change_follower {
public:
    void follow(const change& committed) override { all.push_back(committed); }
    template <class Change>
    [[nodiscard]] std::vector<Change> of() const {
        std::vector<Change> out;
        for (const change& item : all)
            if (const auto* wanted = std::get_if<Change>(&item))
                out.push_back(*wanted);
        return out;
    }

    std::vector<change> all;
};

/// The services over a real database, with a manual clock and the cheapest hashes.
class services_test : public testing::Test {
protected:
    static crypto::jws_key key_of(std::string_view secret) {
        return crypto::jws_key::from_secret(crypto::jws_algorithm::hs256, secret).value();
    }

    test::temp_folder folder_;
    test::manual_clock clock_;
    test::seeded_random random_;
    std::unique_ptr<storage::database> store_ =
        std::move(storage::sqlite::open({.file = folder_.path() / "iot.db"}).value());
    registry::user_registry user_registry_;
    registry::device_registry device_registry_;
    change_list changes_;
    const storage::change_feed::subscription users_follow_{store_->feed(), user_registry_};
    const storage::change_feed::subscription devices_follow_{store_->feed(), device_registry_};
    const storage::change_feed::subscription changes_follow_{store_->feed(), changes_};
    alert_writer alert_writer_{clock_, std::chrono::minutes{5}};
    audit::recorder recorder_{*store_, clock_, {}};
    identity::token_service tokens_{{.access_key = key_of("access-key-access-key-access-key-"),
                                     .refresh_key = key_of("refresh-key-refresh-key-refresh-k"),
                                     .device_key = key_of("device-key-device-key-device-key-")},
                                    clock_,
                                    random_};
    auth_service auth_{
        {*store_, user_registry_, device_registry_, recorder_, tokens_, clock_, random_,
         [this](const device_id& id, const caller& caller) { return devices_.record_sign_in(id, caller); }},
        {.bcrypt_cost = 4, .device_bcrypt_cost = 4, .session_max = std::chrono::hours{24 * 30}}};
    const storage::change_feed::subscription auth_follows_{store_->feed(), auth_};
    user_service users_{{*store_, alert_writer_, recorder_, clock_, random_}, 4};
    device_service devices_{
        {*store_, device_registry_, alert_writer_, recorder_, clock_, random_},
        {.secret_bcrypt_cost = 4},
        [](const device_id& id, category, timestamp now) {
            return std::vector<reading>(
                6, reading{.device_id = id, .received_at = now, .payload = "{}", .simulated = true});
        }};
    audit_service audit_{*store_, clock_};
    caller nobody_{.origin = {.source_address = "192.0.2.1", .request_id = "r-1", .route = "POST /test"}};

    caller as(const user& account) const {
        return {.principal = {.kind = identity::principal::kind::person,
                              .user = account.id,
                              .role = account.role},
                .origin = nobody_.origin};
    }
    user make_user(std::string_view email, role kind = role::user) {
        return users_.create(email, "correct horse battery", kind, nobody_).value();
    }
    std::size_t count_events(event_type type, event_status status) {
        return audit_.list({.type = type, .status = status, .limit = 500}).value().size();
    }
};

} // namespace breakwater::services
