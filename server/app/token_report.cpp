#include "app/token_report.hpp"

#include "app/terminal.hpp"
#include "app/token_text.hpp"
#include "base/ids.hpp"
#include "base/integer.hpp"

#include <fmt/format.h>

#include <iterator>

namespace breakwater::app {

namespace {

constexpr std::string_view nothing_verified =
    "NOTHING HERE HAS BEEN VERIFIED: anybody can create a token with this content.\n";

void append_members(std::string& out, std::string_view json, timestamp now) {
    const auto parsed = read_json(json);
    if (!parsed || parsed->kind != json_kind::object) {
        std::string text;
        append_json_string(text, json);
        out += fmt::format("  not a JSON object: {}\n", printable(text));
        return;
    }
    for (const auto& member : parsed->members) {
        std::string name;
        append_json_string(name, member.key);
        out += fmt::format("  {}: {}", printable(name), printable(parsed->value(member)));
        if (member.key == "exp" || member.key == "nbf" || member.key == "iat")
            if (const auto seconds = number_of(*parsed, member.key))
                out += fmt::format("   ({})", describe_time(*seconds, now));
        if (member.key == "alg" && parsed->value(member) == "\"none\"")
            out += "   (unsigned: no verifier may accept it)";
        out += '\n';
    }
}

/// Collects the lines of the checks and whether all passed.
class checklist {
public:
    void check(bool passed, std::string_view name, std::string_view text) {
        valid_ = valid_ && passed;
        line(passed ? "ok" : "FAIL", name, text);
    }
    void skip(std::string_view name, std::string_view text) { line("-", name, text); }

    [[nodiscard]] token_verdict verdict() && {
        text_ +=
            valid_ ? "\nVALID: every check passed.\n" : "\nINVALID: a verifier must refuse this token.\n";
        return {std::move(text_), valid_};
    }

private:
    void line(std::string_view mark, std::string_view name, std::string_view text) {
        fmt::format_to(std::back_inserter(text_), "{:<5} {:<10} {}\n", mark, name, printable(text));
    }

    std::string text_;
    bool valid_ = true;
};

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

/// The JSON text of a claim, or "missing".
std::string claim_text(const json_document& claims, std::string_view name) {
    const auto* member = claims.find(name);
    return member == nullptr ? "missing" : std::string{claims.value(*member)};
}

void check_header(checklist& list, const json_document& header, crypto::jws_algorithm required) {
    const bool same = text_of(header, "alg") == to_string(required);
    list.check(same, "algorithm",
               same ? fmt::format("{}, as the key requires", to_string(required))
                    : fmt::format("the key requires {}, but the header has {}; the token never decides this",
                                  to_string(required), claim_text(header, "alg")));
    const bool has_none = header.find("crit") == nullptr;
    list.check(has_none, "extensions",
               has_none ? "no critical extensions (no `crit`)"
                        : "`crit` requires extensions, but none is supported");
}

void check_text_claim(checklist& list, const json_document& claims, std::string_view title,
                      std::string_view claim, const std::optional<std::string>& required) {
    if (!required) {
        list.skip(title, fmt::format("`{}` is {}; no value is required", claim, claim_text(claims, claim)));
        return;
    }
    const bool same = text_of(claims, claim) == *required;
    list.check(same, title,
               same ? fmt::format("`{}` is {}", claim, quoted(*required))
                    : fmt::format("`{}` is {}, not {}", claim, claim_text(claims, claim), quoted(*required)));
}

enum class time_bound : std::uint8_t { not_after, not_before };

void check_time(checklist& list, const json_document& claims, std::string_view title, std::string_view claim,
                time_bound bound, const token_requirements& required, timestamp now) {
    if (claims.find(claim) == nullptr && !required.times_required) {
        list.skip(title, fmt::format("no `{}`", claim));
        return;
    }
    const auto seconds = number_of(claims, claim);
    if (!seconds) {
        list.check(false, title,
                   fmt::format("`{}` must be a whole number of seconds since 1970; it is {}", claim,
                               claim_text(claims, claim)));
        return;
    }
    // Add the leeway to the current time: adding it to a claim could overflow.
    const auto current = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto leeway = required.leeway.count();
    const bool passed =
        bound == time_bound::not_after ? *seconds > current - leeway : *seconds <= current + leeway;
    const bool by_leeway =
        passed && (bound == time_bound::not_after ? *seconds <= current : *seconds > current);
    list.check(passed, title,
               fmt::format("`{}` is {}{}", claim, describe_time(*seconds, now),
                           by_leeway ? fmt::format("; within the {} s of leeway", leeway) : ""));
}

void check_subject(checklist& list, const json_document& claims, token_requirements::subject_kind required) {
    if (required == token_requirements::subject_kind::any) {
        list.skip("subject", fmt::format("`sub` is {}; no value is required", claim_text(claims, "sub")));
        return;
    }
    const auto subject = text_of(claims, "sub");
    const bool user = required == token_requirements::subject_kind::user;
    const bool valid =
        subject && (user ? parse_integer(*subject).has_value() : uuid::parse(*subject).has_value());
    list.check(valid, "subject",
               fmt::format("`sub` is {}{}", claim_text(claims, "sub"),
                           valid  ? ""
                           : user ? ", not the number of a user"
                                  : ", not the id of a device"));
}

void check_version(checklist& list, const json_document& claims, const std::string& claim) {
    list.check(number_of(claims, claim).has_value(), "version",
               fmt::format("`{}` is {}; only the server knows whether it is current", claim,
                           claim_text(claims, claim)));
}

} // namespace

result<std::string> inspect_token(std::string_view token, timestamp now) {
    const auto decoded = crypto::decode_unverified(token);
    if (!decoded)
        return std::unexpected(decoded.error());
    std::string out{nothing_verified};
    out += "\nheader\n";
    append_members(out, decoded->header, now);
    out += "claims\n";
    append_members(out, decoded->payload, now);
    out += decoded->signature_bytes == 0
               ? "signature\n  none\n"
               : fmt::format("signature\n  {} bytes, not checked\n", decoded->signature_bytes);
    out += "\n`breakwater token verify` verifies the token.\n";
    return out;
}

token_verdict verify_token(std::string_view token, const token_requirements& required, timestamp now) {
    checklist list;
    const auto decoded = crypto::decode_unverified(token);
    if (!decoded) {
        list.check(false, "structure", decoded.error().detail);
        return std::move(list).verdict();
    }
    list.check(true, "structure",
               fmt::format("three parts of base64url, {} bytes in all (at most {})", token.size(),
                           crypto::max_token_bytes));
    if (const auto header = read_json(decoded->header))
        check_header(list, *header, required.key.algorithm());
    // verify() also checks the algorithm and `crit`.
    const bool signed_by_key = required.key.verify(token).has_value();
    list.check(signed_by_key, "signature",
               signed_by_key
                   ? fmt::format("made with this key ({} bytes)", decoded->signature_bytes)
                   : "not valid: another key, another algorithm, or a changed byte. Nothing below is proven");
    const auto claims = read_json(decoded->payload);
    if (!claims || claims->kind != json_kind::object) {
        list.check(false, "claims", "not a JSON object, or one with duplicate names");
        return std::move(list).verdict();
    }
    check_text_claim(list, *claims, "type", "token_type", required.type);
    check_text_claim(list, *claims, "issuer", "iss", required.issuer);
    check_text_claim(list, *claims, "audience", "aud", required.audience);
    check_time(list, *claims, "expiry", "exp", time_bound::not_after, required, now);
    check_time(list, *claims, "not before", "nbf", time_bound::not_before, required, now);
    check_time(list, *claims, "issued at", "iat", time_bound::not_before, required, now);
    check_subject(list, *claims, required.subject);
    if (required.version_claim)
        check_version(list, *claims, *required.version_claim);
    return std::move(list).verdict();
}

} // namespace breakwater::app
