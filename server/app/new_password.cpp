#include "app/new_password.hpp"

#include "app/read_file.hpp"
#include "app/terminal.hpp"
#include "base/json_text.hpp"
#include "domain/user.hpp"
#include "wire/schema/value_input.hpp"

#include <fmt/format.h>

#include <cctype>
#include <unistd.h>

namespace breakwater::app {

namespace {

constexpr std::size_t max_input_bytes = max_password_length * 4 + 2; // UTF-8 and a line break

result<std::string> read_from_stdin() {
    auto text = read_descriptor(STDIN_FILENO, max_input_bytes, "The password on standard input");
    if (!text)
        return text;
    if (text->ends_with('\n'))
        text->pop_back();
    if (text->ends_with('\r'))
        text->pop_back();
    return text;
}

result<std::string> read_from_terminal(std::string_view email) {
    if (::isatty(STDIN_FILENO) == 0)
        return fail(errc::bad_state, "There is no terminal to enter the password. Use --password-stdin to "
                                     "read it from standard input.");
    auto first = read_answer(fmt::format("New password for {}: ", email), true);
    if (!first)
        return first;
    if (auto valid = check_password_text(*first); !valid)
        return pass(std::move(valid));
    const auto second = read_answer("Repeat the password: ", true);
    if (!second)
        return second;
    if (*first != *second)
        return fail(errc::invalid_input, "The passwords are different. Nothing was changed.");
    return first;
}

} // namespace

result<void> check_password_text(std::string_view password) {
    // A round trip through JSON changes text that is not UTF-8, and no other text.
    std::string json;
    append_json_string(json, password);
    if (unescape_json_string(json) != password)
        return fail(errc::invalid_input, "The password is not UTF-8.");
    const auto problem = wire::schema::check_text(password, min_password_length, max_password_length, false);
    if (!problem.empty())
        return fail(errc::invalid_input,
                    fmt::format("The password m{}", std::string_view{problem}.substr(1))); // "Must have …"
    return {};
}

result<std::string> read_new_password(std::string_view email, bool from_stdin) {
    auto password = from_stdin ? read_from_stdin() : read_from_terminal(email);
    if (!password)
        return password;
    if (auto valid = check_password_text(*password); !valid)
        return pass(std::move(valid));
    return password;
}

} // namespace breakwater::app
