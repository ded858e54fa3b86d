// Repeats twenty times: puts the server under load, ends it with SIGKILL, restarts it in the same folder and
// compares its state with the responses.

#include "support/e2e.hpp"
#include "support/reading_load.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <random>

namespace breakwater::test {
namespace {

namespace json = boost::json;

constexpr int rounds = 20;

/// A chain of refresh tokens. While a request is pending, either of the last two tokens may be valid.
struct session {
    std::string newest;
    std::string previous;
    bool pending = false;
};

struct rotated_device {
    device_credentials newest;
    std::string previous_secret;
    std::string previous_token; ///< revoked by a rotation that the server answered
    bool pending = false;
};

/// The responses of one round. One thread writes each member; `mutex` guards those after it.
struct ledger {
    std::vector<session> sessions;
    std::vector<std::string> created_devices;
    std::vector<std::string> deleted_devices;
    std::vector<std::string> accounts;
    std::mutex mutex;
    std::vector<std::string> audited; ///< request ids
    std::vector<std::string> failures;

    /// Records the response to an audited request. Returns false if the status is not the expected one.
    bool record(const http_response& response, int expected) {
        const std::lock_guard lock{mutex};
        if (response.status == expected) {
            audited.push_back(response.field("X-Request-Id"));
            return true;
        }
        failures.push_back("expected " + std::to_string(expected) + ", got " +
                           std::to_string(response.status) + ": " + response.body);
        return false;
    }
};

class crash : public testing::Test {
protected:
    // Each denial comes from a new address, so it gets its own row in the audit log.
    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"DEVICE_BCRYPT_COST", "4"},
                                          {"HASHING_THREADS", "2"},
                                          {"TRUSTED_PROXIES", "127.0.0.1"}}}};
    api_client admin_ = as_admin(server_);
    std::atomic<std::uint32_t> next_address_{1};
    std::atomic<int> next_name_{0};
    std::vector<rotated_device> rotated_;

    http_fields from_new_address() {
        const std::uint32_t n = next_address_++;
        return {{"X-Forwarded-For", "10." + std::to_string(n >> 16 & 255) + "." +
                                        std::to_string(n >> 8 & 255) + "." + std::to_string(n & 255)}};
    }

    http_response login(api_client& client, std::string_view email, std::string_view password) {
        return client.post("/auth/login", json::object{{"email", email}, {"password", password}},
                           from_new_address());
    }
    http_response refresh(api_client& client, const std::string& token) {
        return client.post("/auth/refresh", json::object{{"refresh_token", token}}, from_new_address());
    }
    http_response token_for(api_client& client, const std::string& id, const std::string& secret) {
        return client.post("/device/token", json::object{{"device_id", id}, {"device_secret", secret}},
                           from_new_address());
    }

    void refresh_sessions(ledger& journal) {
        api_client client{server_};
        for (int i = 0; i < 6; ++i) {
            const auto response = login(client, admin_email, admin_password);
            if (!journal.record(response, 200))
                return;
            journal.sessions.push_back({.newest = response.text("/refresh_token"), .previous = {}});
        }
        for (std::size_t step = 0;; ++step) {
            session& chain = journal.sessions[step % 5]; // never refreshes the last one
            chain.pending = true;
            const auto response = refresh(client, chain.newest);
            if (!journal.record(response, 200))
                return;
            chain.previous = std::exchange(chain.newest, response.text("/refresh_token"));
            chain.pending = false;
        }
    }

    void rotate_secrets(ledger& journal) {
        api_client owner{server_, admin_.token()};
        api_client anyone{server_};
        for (std::size_t step = 0;; ++step) {
            rotated_device& device = rotated_[step % rotated_.size()];
            const auto token = token_for(anyone, device.newest.id, device.newest.secret);
            if (!journal.record(token, 200))
                return;
            device.pending = true;
            const auto response = owner.post("/devices/" + device.newest.id + "/rotate-secret");
            if (!journal.record(response, 200))
                return;
            device.previous_secret = std::exchange(device.newest.secret, response.text("/device_secret"));
            device.previous_token = token.text("/access_token");
            device.pending = false;
        }
    }

    void cause_denials(ledger& journal, const std::string& user_token) {
        api_client anyone{server_};
        for (int step = 0;; ++step) {
            http_fields fields = from_new_address();
            const auto with_token = [&](const std::string& token) {
                http_fields extended = fields;
                extended.emplace_back("Authorization", "Bearer " + token);
                return extended;
            };
            bool recorded = false;
            switch (step % 5) {
            case 0:
                recorded = journal.record(
                    login(anyone, "nobody" + std::to_string(next_name_++) + "@example.com", "wrong password"),
                    401);
                break;
            case 1:
                recorded = journal.record(anyone.get("/devices", with_token("forged.to.ken")), 401);
                break;
            case 2: recorded = journal.record(anyone.get("/devices", fields), 401); break;
            case 3: recorded = journal.record(anyone.get("/admin/users", with_token(user_token)), 403); break;
            default: recorded = journal.record(refresh(anyone, "no.refresh.token"), 401);
            }
            if (!recorded)
                return;
        }
    }

    void create_and_delete(ledger& journal) {
        api_client owner{server_, admin_.token()};
        for (int step = 0;; ++step) {
            const std::string name = "guest" + std::to_string(next_name_++);
            const std::string email = name + "@example.com";
            const auto registered =
                owner.post("/auth/register", json::object{{"email", email}, {"password", user_password}},
                           from_new_address());
            if (!journal.record(registered, 201))
                return;
            journal.accounts.push_back(email);
            const auto created =
                owner.post("/devices", json::object{{"name", name}, {"category", "smart_lock"}});
            if (!journal.record(created, 201))
                return;
            const std::string id = created.text("/device_id");
            if (step % 2 == 0) {
                journal.created_devices.push_back(id);
                continue;
            }
            if (!journal.record(owner.del("/devices/" + id), 200))
                return;
            journal.deleted_devices.push_back(id);
        }
    }

    /// Runs these threads until enough requests are answered, then kills the server under load.
    void load_and_kill(ledger& journal, reading_load& readings, std::size_t goal) {
        const std::string user =
            as_new_user(server_, "user" + std::to_string(next_name_++) + "@example.com").token();
        std::vector<std::thread> threads;
        const auto run = [&](std::function<void()> work) {
            threads.emplace_back([&journal, work = std::move(work)] {
                try {
                    work();
                } catch (const connection_closed&) {
                } catch (const std::exception& failure) {
                    const std::lock_guard lock{journal.mutex};
                    journal.failures.emplace_back(failure.what());
                }
            });
        };
        const std::size_t before = readings.results().accepted.size();
        readings.start(server_.port());
        run([&] { refresh_sessions(journal); });
        run([&] { rotate_secrets(journal); });
        run([&] { cause_denials(journal, user); });
        run([&] { create_and_delete(journal); });
        const bool reached = readings.wait_until([&](const upload_results& results) {
            const std::lock_guard lock{journal.mutex};
            return (results.accepted.size() >= before + goal && journal.audited.size() >= 60) ||
                   !journal.failures.empty();
        });
        server_.kill();
        for (std::thread& thread : threads)
            thread.join();
        readings.stop();
        EXPECT_TRUE(reached) << "too few requests were answered in time";
        EXPECT_EQ(journal.failures, std::vector<std::string>{});
    }

    void expect_sessions(const ledger& journal) {
        api_client anyone{server_};
        for (const session& chain : journal.sessions) {
            const int status = refresh(anyone, chain.newest).status;
            EXPECT_TRUE(status == 200 || (chain.pending && status == 401))
                << "the newest refresh token in a response is refused: " << status;
            if (!chain.previous.empty()) {
                EXPECT_EQ(refresh(anyone, chain.previous).status, 401) << "a used refresh token works again";
            }
        }
    }

    void expect_secrets() {
        api_client anyone{server_};
        for (rotated_device& device : rotated_) {
            const int status = token_for(anyone, device.newest.id, device.newest.secret).status;
            EXPECT_TRUE(status == 200 || (device.pending && status == 401))
                << "the newest secret in a response is refused: " << status;
            if (!device.previous_secret.empty()) {
                EXPECT_EQ(token_for(anyone, device.newest.id, device.previous_secret).status, 401)
                    << "an old secret works";
                api_client stale{server_, device.previous_token};
                EXPECT_EQ(stale.post("/device/readings", sample_payload()).status, 401)
                    << "an old token works";
            }
            if (device.pending) // the response with the secret was lost
                device.newest.secret =
                    admin_.post("/devices/" + device.newest.id + "/rotate-secret").text("/device_secret");
            device.previous_secret.clear();
            device.pending = false;
        }
    }

    void expect_accounts_and_devices(const ledger& journal) {
        for (const std::string& id : journal.created_devices)
            EXPECT_EQ(admin_.get("/devices/" + id).status, 200) << "a created device is missing";
        for (const std::string& id : journal.deleted_devices)
            EXPECT_EQ(admin_.get("/devices/" + id).status, 404) << "a deleted device is back";
        api_client anyone{server_};
        for (const std::string& email : journal.accounts)
            EXPECT_EQ(login(anyone, email, user_password).status, 200) << "an account is lost";
    }

    void expect_audited(const stored_data& stored, const std::vector<std::string>& requests) {
        const auto stored_ids = stored.audited_requests();
        const auto is_missing = [&](const std::string& id) { return !stored_ids.contains(id); };
        EXPECT_EQ(std::ranges::count_if(requests, is_missing), 0)
            << "audit rows of answered requests are missing, out of " << requests.size();
    }
};

TEST_F(crash, keeps_every_acknowledged_change_through_twenty_kills) {
    std::vector<std::string> tokens;
    std::vector<std::string> uploaders;
    for (int i = 0; i < 24; ++i) {
        const device_credentials device = create_device(admin_, "Mast " + std::to_string(i));
        uploaders.push_back(device.id);
        tokens.push_back(device_token(server_, device));
    }
    for (int i = 0; i < 4; ++i)
        rotated_.push_back({.newest = create_device(admin_, "Lock " + std::to_string(i)),
                            .previous_secret = {},
                            .previous_token = {}});
    reading_load readings{std::move(tokens), 4};
    std::mt19937 random{20};
    std::uniform_int_distribution<std::size_t> any_amount{40, 600};
    std::vector<std::string> audited;

    for (int round = 1; round <= rounds && !HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        ledger journal;
        load_and_kill(journal, readings, any_amount(random));
        server_.start();
        admin_ = api_client{server_, admin_.token()};
        const stored_data stored{server_.database_url()};
        expect_as_answered(stored, readings.results());
        audited.insert(audited.end(), journal.audited.begin(), journal.audited.end());
        expect_audited(stored, audited);
        expect_sessions(journal);
        expect_secrets();
        expect_accounts_and_devices(journal);
    }

    std::size_t total_readings = 0;
    for (const std::string& id : uploaders)
        total_readings += static_cast<std::size_t>(
            admin_.get("/devices/" + id + "/readings/meta").number("/total_readings"));
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    const stored_data stored{server_.database_url()};
    const upload_results results = readings.results();
    expect_as_answered(stored, results);
    expect_audited(stored, audited);
    EXPECT_EQ(total_readings, stored.numbered_readings().size());
    RecordProperty("readings", static_cast<int>(results.accepted.size()));
    RecordProperty("unanswered", static_cast<int>(results.unanswered.size()));
    RecordProperty("audited", static_cast<int>(audited.size()));
    EXPECT_GT(results.unanswered.size(), 0U) << "no kill interrupted a request, so nothing was tested";
}

} // namespace
} // namespace breakwater::test
