#include "app/new_password.hpp"

#include "api/schema/value_input.hpp"
#include "app/read_file.hpp"
#include "app/terminal.hpp"
#include "base/json_text.hpp"
#include "domain/user.hpp"

#include <fmt/format.h>

#include <cctype>
#include <unistd.h>

namespace breakwater::app {

namespace {

constexpr std::size_t max_input_bytes = max_password_length * 4 + 2; // of UTF-8, and a line end

result<std::string> piped() {
    auto text = read_descriptor(STDIN_FILENO, max_input_bytes, "The password on standard input");
    if (!text)
        return text;
    if (text->ends_with('\n'))
        text->pop_back();
    if (text->ends_with('\r'))
        text->pop_back();
    return text;
}

result<std::string> typed(std::string_view email) {
    if (::isatty(STDIN_FILENO) == 0)
        return fail(errc::bad_state, "There is no terminal to ask for the password at. Pipe it in, with "
                                     "--password-stdin.");
    auto first = ask(fmt::format("New password for {}: ", email), true);
    if (!first)
        return first;
    if (auto fits = check_password_text(*first); !fits)
        return pass(std::move(fits));
    const auto second = ask("The same again: ", true);
    if (!second)
        return second;
    if (*first != *second)
        return fail(errc::invalid_input, "The two were not the same. Nothing was changed.");
    return first;
}

} // namespace

result<void> check_password_text(std::string_view password) {
    // Writing it as JSON and reading it back changes what is not UTF-8, and nothing else.
    std::string json;
    append_json_string(json, password);
    if (unescape_json_string(json) != password)
        return fail(errc::invalid_input, "The password is not UTF-8.");
    const auto wrong = api::schema::check_text(password, min_password_length, max_password_length, false);
    if (!wrong.empty())
        return fail(errc::invalid_input,
                    fmt::format("The password m{}", std::string_view{wrong}.substr(1))); // "Must have …"
    return {};
}

result<std::string> read_new_password(std::string_view email, bool from_stdin) {
    auto password = from_stdin ? piped() : typed(email);
    if (!password)
        return password;
    if (auto fits = check_password_text(*password); !fits)
        return pass(std::move(fits));
    return password;
}

} // namespace breakwater::app
