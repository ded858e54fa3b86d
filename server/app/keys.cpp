#include "app/keys.hpp"

#include "app/key_strength.hpp"
#include "app/read_file.hpp"
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
    std::string_view variable;
    std::string_view member; ///< of the key file
    const std::string& text;
};

result<crypto::jws_key> from_text(const config& chosen, std::string_view text) {
    if (text.starts_with('{')) {
        auto key = crypto::jws_key::from_jwk(text);
        if (key && key->algorithm() != chosen.jwt_algorithm)
            return fail(errc::invalid_input,
                        fmt::format("It is a key for {}, but JWT_ALGORITHM is {}.",
                                    to_string(key->algorithm()), to_string(chosen.jwt_algorithm)));
        return key;
    }
    if (crypto::min_secret_bytes(chosen.jwt_algorithm) > 0)
        return crypto::jws_key::from_secret(chosen.jwt_algorithm, text, chosen.is_local());
    return crypto::jws_key::from_pem(chosen.jwt_algorithm, text);
}

/// The key file as it is; nothing where there is none yet.
result<std::optional<json_document>> read_key_file(const std::filesystem::path& file) {
    const auto text = read_file(file, max_key_file_bytes);
    if (!text && text.error().code == errc::not_found)
        return std::nullopt;
    if (!text)
        return std::unexpected(text.error());
    auto parsed = read_json(*text);
    if (!parsed || parsed->kind != json_kind::object)
        return fail(errc::invalid_input,
                    fmt::format("{} is not a file of keys. Delete it to have new ones made; everybody will "
                                "have to sign in again.",
                                file.string()));
    return std::optional{std::move(*parsed)};
}

/// Whole or not at all, and never readable by others: a new file of mode 0600, synced, then renamed into
/// place.
result<void> write_key_file(const std::filesystem::path& file, std::string_view text) {
    std::error_code failed;
    if (!file.parent_path().empty() && std::filesystem::create_directories(file.parent_path(), failed))
        std::filesystem::permissions(file.parent_path(), std::filesystem::perms::owner_all, failed);
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
    const std::error_code why{errno, std::generic_category()};
    ::unlink(temporary.c_str());
    return fail(errc::storage_unavailable, fmt::format("Can't write {}: {}.", file.string(), why.message()));
}

std::optional<crypto::jws_key> stored_key(const config& chosen, const std::optional<json_document>& stored,
                                          const key_slot& slot) {
    const auto* member = stored ? stored->find(slot.member) : nullptr;
    if (member == nullptr)
        return std::nullopt;
    auto key = crypto::jws_key::from_jwk(stored->value(*member));
    if (!key || !key->can_sign() || key->algorithm() != chosen.jwt_algorithm)
        return std::nullopt;
    return std::move(*key);
}

std::array<key_slot, 3> slots_of(const config& chosen) {
    return {{{"JWT_SECRET_KEY", "access", chosen.access_key},
             {"JWT_REFRESH_SECRET_KEY", "refresh", chosen.refresh_key},
             {"JWT_DEVICE_SECRET_KEY", "device", chosen.device_key}}};
}

std::string_view command_that_makes_a_key(crypto::jws_algorithm algorithm) {
    switch (algorithm) {
    case crypto::jws_algorithm::es256:
        return "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
    case crypto::jws_algorithm::eddsa: return "openssl genpkey -algorithm ed25519";
    default: return "openssl rand -base64 48";
    }
}

} // namespace

std::filesystem::path key_file_of(const config& chosen) {
    return chosen.database_file.parent_path() / "token-keys.json";
}

bool is_weak_secret(crypto::jws_algorithm algorithm, std::string_view text) {
    if (crypto::min_secret_bytes(algorithm) == 0)
        return false;
    std::string secret{text};
    if (text.starts_with('{')) { // a JWK, whose `k` is base64url
        const auto parsed = read_json(text);
        const auto* member = parsed ? parsed->find("k") : nullptr;
        secret = member != nullptr ? parsed->value(*member) : std::string_view{};
    }
    return key_strength(secret) < min_key_strength || looks_like_a_placeholder(secret);
}

std::vector<std::string> key_problems(const config& chosen) {
    std::vector<std::string> wrong;
    const auto slots = slots_of(chosen);
    for (const key_slot& slot : slots) {
        if (slot.text.empty()) {
            if (!chosen.is_local())
                wrong.push_back(
                    fmt::format("{} must be set where ENVIRONMENT is not local; `{}` makes a key, another "
                                "one for each.",
                                slot.variable, command_that_makes_a_key(chosen.jwt_algorithm)));
            continue;
        }
        if (!chosen.is_local() && is_weak_secret(chosen.jwt_algorithm, slot.text))
            wrong.push_back(
                fmt::format("{} is easy to guess: it repeats itself or is a placeholder; `{}` makes "
                            "a key.",
                            slot.variable, command_that_makes_a_key(chosen.jwt_algorithm)));
        if (const auto key = from_text(chosen, slot.text); !key)
            wrong.push_back(fmt::format("{}: {}", slot.variable, key.error().detail));
        else if (!key->can_sign())
            wrong.push_back(fmt::format("{} is a public key; the private one is needed.", slot.variable));
        for (const key_slot& other : slots)
            if (&slot < &other && slot.text == other.text && !chosen.is_local())
                wrong.push_back(
                    fmt::format("{} and {} must be different keys, so that no token can pass for one of "
                                "another kind.",
                                slot.variable, other.variable));
    }
    return wrong;
}

result<services::token_settings> load_tokens(const config& chosen, random_source& random,
                                             missing_keys missing) {
    if (const auto wrong = key_problems(chosen); !wrong.empty())
        return fail(errc::invalid_input, fmt::format("{}", fmt::join(wrong, "\n")));

    const auto slots = slots_of(chosen);
    const std::filesystem::path file = key_file_of(chosen);
    std::optional<json_document> stored;
    if (chosen.access_key.empty() || chosen.refresh_key.empty() || chosen.device_key.empty()) {
        auto found = read_key_file(file);
        if (!found)
            return pass(std::move(found));
        stored = std::move(*found);
    }

    bool made = false;
    std::vector<crypto::jws_key> keys;
    std::string text = "{";
    for (const key_slot& slot : slots) {
        if (!slot.text.empty()) {
            auto key = from_text(chosen, slot.text);
            if (!key)
                return pass(std::move(key));
            keys.push_back(std::move(*key));
            continue;
        }
        auto key = stored_key(chosen, stored, slot);
        if (!key && missing == missing_keys::refuse)
            return fail(errc::not_found,
                        fmt::format("There is no {} key yet: {} is not set, and {} has none for {}. The "
                                    "server makes one when it starts.",
                                    slot.member, slot.variable, file.string(),
                                    to_string(chosen.jwt_algorithm)));
        if (!key) {
            auto fresh = crypto::jws_key::generate(chosen.jwt_algorithm, random);
            if (!fresh)
                return pass(std::move(fresh));
            key = std::move(*fresh);
            made = true;
        }
        text += fmt::format("{}\"{}\":{}", text.size() > 1 ? "," : "", slot.member, key->to_jwk());
        keys.push_back(std::move(*key));
    }
    if (made && missing == missing_keys::make)
        if (auto written = write_key_file(file, text + "}\n"); !written)
            return pass(std::move(written));

    return services::token_settings{.access_key = keys[0],
                                    .refresh_key = keys[1],
                                    .device_key = keys[2],
                                    .issuer = chosen.jwt_issuer,
                                    .audience = chosen.jwt_audience,
                                    .access_lifetime = chosen.access_lifetime,
                                    .refresh_lifetime = chosen.refresh_lifetime,
                                    .device_lifetime = chosen.device_lifetime};
}

} // namespace breakwater::app
