#include "app/keys.hpp"

#include "app/key_strength.hpp"
#include "app/read_file.hpp"
#include "base/json_builder.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace breakwater::app {

namespace {

constexpr std::size_t max_key_file_bytes = std::size_t{64} * 1024;

struct key_slot {
    std::string_view setting;
    std::string_view member; ///< in the key file
    const std::string& text;
};

result<crypto::jws_key> parse_key(const config& settings, std::string_view text) {
    if (text.starts_with('{')) {
        auto key = crypto::jws_key::from_jwk(text);
        if (key && key->algorithm() != settings.jwt_algorithm)
            return fail(errc::invalid_input,
                        fmt::format("The key is for {}, but JWT_ALGORITHM is {}.",
                                    to_string(key->algorithm()), to_string(settings.jwt_algorithm)));
        return key;
    }
    if (crypto::min_secret_bytes(settings.jwt_algorithm) > 0)
        return crypto::jws_key::from_secret(settings.jwt_algorithm, text, settings.is_local());
    return crypto::jws_key::from_pem(settings.jwt_algorithm, text);
}

/// The content of the key file; empty if the file does not exist yet.
result<std::optional<json_document>> read_key_file(const std::filesystem::path& file) {
    const auto text = read_file(file, max_key_file_bytes);
    if (!text && text.error().code == errc::not_found)
        return std::nullopt;
    if (!text)
        return std::unexpected(text.error());
    auto parsed = read_json(*text);
    if (!parsed || parsed->kind != json_kind::object)
        return fail(errc::invalid_input,
                    fmt::format("{} is not a valid key file. Delete it to generate new keys; everybody must "
                                "then sign in again.",
                                file.string()));
    return std::optional{std::move(*parsed)};
}

/// Replaces the key file atomically, and never readable by others: writes a new file of mode 0600, syncs and
/// renames it.
result<void> write_key_file(const std::filesystem::path& file, std::string_view text) {
    std::error_code ignored;
    if (!file.parent_path().empty() && std::filesystem::create_directories(file.parent_path(), ignored))
        std::filesystem::permissions(file.parent_path(), std::filesystem::perms::owner_all, ignored);
    const std::string temporary = fmt::format("{}.{}", file.string(), ::getpid());
    const int descriptor =
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool done = descriptor >= 0 &&
                ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                ::fsync(descriptor) == 0;
    if (descriptor >= 0)
        done = ::close(descriptor) == 0 && done;
    done = done && ::rename(temporary.c_str(), file.c_str()) == 0;
    if (done)
        return {};
    const std::error_code reason{errno, std::generic_category()};
    ::unlink(temporary.c_str());
    return fail(errc::storage_unavailable,
                fmt::format("Can't write {}: {}.", file.string(), reason.message()));
}

std::optional<crypto::jws_key> stored_key(const config& settings, const std::optional<json_document>& stored,
                                          const key_slot& slot) {
    const auto* member = stored ? stored->find(slot.member) : nullptr;
    if (member == nullptr)
        return std::nullopt;
    auto key = crypto::jws_key::from_jwk(stored->value(*member));
    if (!key || !key->can_sign() || key->algorithm() != settings.jwt_algorithm)
        return std::nullopt;
    return std::move(*key);
}

std::array<key_slot, 3> slots_of(const config& settings) {
    return {{{"JWT_SECRET_KEY", "access", settings.access_key},
             {"JWT_REFRESH_SECRET_KEY", "refresh", settings.refresh_key},
             {"JWT_DEVICE_SECRET_KEY", "device", settings.device_key}}};
}

std::string_view key_command(crypto::jws_algorithm algorithm) {
    switch (algorithm) {
    case crypto::jws_algorithm::es256:
        return "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
    case crypto::jws_algorithm::eddsa: return "openssl genpkey -algorithm ed25519";
    default: return "openssl rand -base64 48";
    }
}

} // namespace

std::filesystem::path key_file_of(const config& settings) {
    const std::filesystem::path folder =
        settings.database.is_postgres() ? "./data" : settings.database.file().parent_path();
    return folder / "token-keys.json";
}

bool is_weak_secret(crypto::jws_algorithm algorithm, std::string_view text) {
    if (crypto::min_secret_bytes(algorithm) == 0)
        return false;
    std::string secret{text};
    if (text.starts_with('{')) { // a JWK: the secret is in `k`, as base64url
        const auto parsed = read_json(text);
        const auto* member = parsed ? parsed->find("k") : nullptr;
        secret = member != nullptr ? parsed->value(*member) : std::string_view{};
    }
    return key_strength(secret) < min_key_strength || looks_like_a_placeholder(secret);
}

std::vector<std::string> key_problems(const config& settings) {
    std::vector<std::string> problems;
    const auto slots = slots_of(settings);
    for (const key_slot& slot : slots) {
        if (slot.text.empty()) {
            if (!settings.is_local())
                problems.push_back(
                    fmt::format("{} must be set unless ENVIRONMENT is local. Generate a different key for "
                                "each kind of token: `{}`.",
                                slot.setting, key_command(settings.jwt_algorithm)));
            continue;
        }
        if (!settings.is_local() && is_weak_secret(settings.jwt_algorithm, slot.text))
            problems.push_back(
                fmt::format("{} is easy to guess: it is repetitive or a placeholder. `{}` generates "
                            "a key.",
                            slot.setting, key_command(settings.jwt_algorithm)));
        if (const auto key = parse_key(settings, slot.text); !key)
            problems.push_back(fmt::format("{}: {}", slot.setting, key.error().detail));
        else if (!key->can_sign())
            problems.push_back(fmt::format("{} is a public key; the private key is required.", slot.setting));
        for (const key_slot& other : slots)
            if (&slot < &other && slot.text == other.text && !settings.is_local())
                problems.push_back(
                    fmt::format("{} and {} must be different keys, so that a token of one kind is never "
                                "accepted as another kind.",
                                slot.setting, other.setting));
    }
    return problems;
}

result<identity::token_settings> load_tokens(const config& settings, random_source& random,
                                             missing_keys missing) {
    if (const auto problems = key_problems(settings); !problems.empty())
        return fail(errc::invalid_input, fmt::format("{}", fmt::join(problems, "\n")));

    const auto slots = slots_of(settings);
    const std::filesystem::path file = key_file_of(settings);
    std::optional<json_document> stored;
    if (settings.access_key.empty() || settings.refresh_key.empty() || settings.device_key.empty()) {
        auto content = read_key_file(file);
        if (!content)
            return pass(std::move(content));
        stored = std::move(*content);
    }

    bool generated = false;
    std::vector<crypto::jws_key> keys;
    json_builder text = json_builder::object();
    for (const key_slot& slot : slots) {
        if (!slot.text.empty()) {
            auto key = parse_key(settings, slot.text);
            if (!key)
                return pass(std::move(key));
            keys.push_back(std::move(*key));
            continue;
        }
        auto key = stored_key(settings, stored, slot);
        if (!key && missing == missing_keys::refuse)
            return fail(errc::not_found,
                        fmt::format("There is no {} key yet: {} is not set, and {} has no key for {}. The "
                                    "server generates one when it starts.",
                                    slot.member, slot.setting, file.string(),
                                    to_string(settings.jwt_algorithm)));
        if (!key) {
            auto fresh = crypto::jws_key::generate(settings.jwt_algorithm, random);
            if (!fresh)
                return pass(std::move(fresh));
            key = std::move(*fresh);
            generated = true;
        }
        text.add(slot.member, key->to_jwk());
        keys.push_back(std::move(*key));
    }
    if (generated && missing == missing_keys::create)
        if (auto written = write_key_file(file, std::move(text).finish() + '\n'); !written)
            return pass(std::move(written));

    return identity::token_settings{.access_key = keys[0],
                                    .refresh_key = keys[1],
                                    .device_key = keys[2],
                                    .issuer = settings.jwt_issuer,
                                    .audience = settings.jwt_audience,
                                    .access_lifetime = settings.access_lifetime,
                                    .refresh_lifetime = settings.refresh_lifetime,
                                    .device_lifetime = settings.device_lifetime};
}

} // namespace breakwater::app
