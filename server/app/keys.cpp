#include "app/keys.hpp"

#include "base/json_text.hpp"

#include <fmt/format.h>

#include <array>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace breakwater::app {

namespace {

struct key_slot {
    std::string_view variable;
    std::string_view member; ///< of the key file
    const std::string& text;
};

std::filesystem::path key_file_of(const config& chosen) {
    return chosen.database_file.parent_path() / "token-keys.json";
}

result<crypto::jws_key> from_text(const config& chosen, const key_slot& slot) {
    if (slot.text.starts_with('{')) {
        auto key = crypto::jws_key::from_jwk(slot.text);
        if (key && key->algorithm() != chosen.jwt_algorithm)
            return fail(errc::invalid_input,
                        fmt::format("{} is a key for {}, but JWT_ALGORITHM is {}.", slot.variable,
                                    to_string(key->algorithm()), to_string(chosen.jwt_algorithm)));
        return key;
    }
    if (crypto::min_secret_bytes(chosen.jwt_algorithm) > 0)
        return crypto::jws_key::from_secret(chosen.jwt_algorithm, slot.text, chosen.is_local());
    return crypto::jws_key::from_pem(chosen.jwt_algorithm, slot.text);
}

/// The key file as it is; nothing where there is none yet.
result<std::optional<json_document>> read_key_file(const std::filesystem::path& file) {
    std::error_code missing;
    if (!std::filesystem::exists(file, missing))
        return std::nullopt;
    std::ifstream in{file};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    auto parsed = read_json(text);
    if (!in || !parsed || parsed->kind != json_kind::object)
        return fail(
            errc::invalid_input,
            fmt::format(
                "{} can't be read as a file of keys. Delete it to have new ones made; everybody will have "
                "to sign in again.",
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

result<crypto::jws_key> stored_or_new(const config& chosen, const std::optional<json_document>& stored,
                                      const key_slot& slot, random_source& random, bool& made) {
    if (stored)
        if (const auto* member = stored->find(slot.member))
            if (auto key = crypto::jws_key::from_jwk(stored->value(*member));
                key && key->can_sign() && key->algorithm() == chosen.jwt_algorithm)
                return key;
    made = true;
    return crypto::jws_key::generate(chosen.jwt_algorithm, random);
}

} // namespace

result<services::token_settings> load_tokens(const config& chosen, random_source& random) {
    const std::array<key_slot, 3> slots{{{"JWT_SECRET_KEY", "access", chosen.access_key},
                                         {"JWT_REFRESH_SECRET_KEY", "refresh", chosen.refresh_key},
                                         {"JWT_DEVICE_SECRET_KEY", "device", chosen.device_key}}};
    if (!chosen.is_local()) {
        std::string wrong;
        for (const key_slot& slot : slots) {
            if (slot.text.empty())
                wrong += fmt::format(
                    "{} must be set when ENVIRONMENT is not local: generated keys are for trying out.\n",
                    slot.variable);
            for (const key_slot& other : slots)
                if (&slot < &other && !slot.text.empty() && slot.text == other.text)
                    wrong +=
                        fmt::format("{} and {} must be different keys.\n", slot.variable, other.variable);
        }
        if (!wrong.empty())
            return fail(errc::invalid_input,
                        wrong + "For an HMAC algorithm, `openssl rand -base64 48` makes a good one.");
    }

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
        auto key =
            slot.text.empty() ? stored_or_new(chosen, stored, slot, random, made) : from_text(chosen, slot);
        if (!key)
            return fail(errc::invalid_input, fmt::format("{}: {}", slot.variable, key.error().detail));
        if (!key->can_sign())
            return fail(errc::invalid_input,
                        fmt::format("{} is a public key; the private one is needed.", slot.variable));
        if (slot.text.empty())
            text += fmt::format("{}\"{}\":{}", text.size() > 1 ? "," : "", slot.member, key->to_jwk());
        keys.push_back(std::move(*key));
    }
    if (made)
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
