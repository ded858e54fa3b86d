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
    "NOTHING HERE HAS BEEN VERIFIED: anybody can write a token that says all this.\n";

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
            out += "   (unsigned: no verifier may take it)";
        out += '\n';
    }
}

/// Lines of checks, and whether all of them passed.
class checklist {
public:
    void check(bool passed, std::string_view name, std::string_view what) {
        valid_ = valid_ && passed;
        line(passed ? "ok" : "FAIL", name, what);
    }
    void skip(std::string_view name, std::string_view what) { line("-", name, what); }

    [[nodiscard]] token_verdict verdict() && {
        text_ +=
            valid_ ? "\nVALID: every check passed.\n" : "\nINVALID: a verifier must refuse this token.\n";
        return {std::move(text_), valid_};
    }

private:
    void line(std::string_view mark, std::string_view name, std::string_view what) {
        fmt::format_to(std::back_inserter(text_), "{:<5} {:<10} {}\n", mark, name, printable(what));
    }

    std::string text_;
    bool valid_ = true;
};

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

/// A member as it stands, for the sentence of a check that failed.
std::string found_in(const json_document& claims, std::string_view name) {
    const auto* member = claims.find(name);
    return member == nullptr ? "missing" : std::string{claims.value(*member)};
}

void check_header(checklist& list, const json_document& header, crypto::jws_algorithm pinned) {
    const auto named = text_of(header, "alg");
    const bool same = named == to_string(pinned);
    list.check(same, "algorithm",
               same ? fmt::format("{}: the key's own; the header may only agree", to_string(pinned))
                    : fmt::format("the key is for {}, the header says {}; the key decides, never the token",
                                  to_string(pinned), found_in(header, "alg")));
    const bool plain = header.find("crit") == nullptr;
    list.check(plain, "extensions",
               plain ? "none that would have to be understood (no `crit`)"
                     : "`crit` demands extensions, and none is known here");
}

void check_text_claim(checklist& list, const json_document& claims, std::string_view title,
                      std::string_view claim, const std::optional<std::string>& wanted) {
    if (!wanted) {
        list.skip(title,
                  fmt::format("`{}` is {}; nothing was demanded of it", claim, found_in(claims, claim)));
        return;
    }
    const bool same = text_of(claims, claim) == *wanted;
    list.check(same, title,
               same ? fmt::format("`{}` is {}", claim, quoted(*wanted))
                    : fmt::format("`{}` is {}, not {}", claim, found_in(claims, claim), quoted(*wanted)));
}

enum class bound : std::uint8_t { not_after, not_before };

void check_time(checklist& list, const json_document& claims, std::string_view title, std::string_view claim,
                bound which, const token_demands& demanded, timestamp now) {
    if (claims.find(claim) == nullptr && !demanded.times_required) {
        list.skip(title, fmt::format("no `{}`", claim));
        return;
    }
    const auto seconds = number_of(claims, claim);
    if (!seconds) {
        list.check(false, title,
                   fmt::format("`{}` must be a whole number of seconds since 1970; it is {}", claim,
                               found_in(claims, claim)));
        return;
    }
    // Written as differences from now, so that no claim can overflow the sum.
    const auto current = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto leeway = demanded.leeway.count();
    const bool passed =
        which == bound::not_after ? *seconds > current - leeway : *seconds <= current + leeway;
    const bool by_leeway = passed && (which == bound::not_after ? *seconds <= current : *seconds > current);
    list.check(passed, title,
               fmt::format("`{}` is {}{}", claim, describe_time(*seconds, now),
                           by_leeway ? fmt::format("; within the {} s of leeway", leeway) : ""));
}

void check_subject(checklist& list, const json_document& claims, token_demands::subject about) {
    if (about == token_demands::subject::any) {
        list.skip("subject", fmt::format("`sub` is {}; nothing was demanded of it", found_in(claims, "sub")));
        return;
    }
    const auto subject = text_of(claims, "sub");
    const bool user = about == token_demands::subject::user;
    const bool fits =
        subject && (user ? parse_integer(*subject).has_value() : uuid::parse(*subject).has_value());
    list.check(fits, "subject",
               fmt::format("`sub` is {}{}", found_in(claims, "sub"),
                           fits   ? ""
                           : user ? ", not the number of a user"
                                  : ", not the id of a device"));
}

void check_version(checklist& list, const json_document& claims, const std::string& claim) {
    list.check(number_of(claims, claim).has_value(), "version",
               fmt::format("`{}` is {}; whether it is the current one, only the server knows", claim,
                           found_in(claims, claim)));
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
    out += "\n`breakwater token verify` checks it.\n";
    return out;
}

token_verdict verify_token(std::string_view token, const token_demands& demanded, timestamp now) {
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
        check_header(list, *header, demanded.key.algorithm());
    // The library's own verdict: it checks the algorithm and `crit` once more.
    const bool signed_by_key = demanded.key.verify(token).has_value();
    list.check(
        signed_by_key, "signature",
        signed_by_key
            ? fmt::format("made with this key ({} bytes)", decoded->signature_bytes)
            : "doesn't verify: another key, another algorithm, or a changed byte. Nothing below is proven");
    const auto claims = read_json(decoded->payload);
    if (!claims || claims->kind != json_kind::object) {
        list.check(false, "claims", "not a JSON object, or one with duplicate names");
        return std::move(list).verdict();
    }
    check_text_claim(list, *claims, "type", "token_type", demanded.type);
    check_text_claim(list, *claims, "issuer", "iss", demanded.issuer);
    check_text_claim(list, *claims, "audience", "aud", demanded.audience);
    check_time(list, *claims, "expiry", "exp", bound::not_after, demanded, now);
    check_time(list, *claims, "not before", "nbf", bound::not_before, demanded, now);
    check_time(list, *claims, "issued at", "iat", bound::not_before, demanded, now);
    check_subject(list, *claims, demanded.about);
    if (demanded.version_claim)
        check_version(list, *claims, *demanded.version_claim);
    return std::move(list).verdict();
}

} // namespace breakwater::app
