#pragma once

#include "domain/user.hpp"

#include <string>

namespace breakwater::app {

// Commands for accounts, for operators with a shell on the server. They return the exit code. All except
// `list_users` change the database and need the server stopped.

struct create_user_options {
    std::string email;
    breakwater::role role = breakwater::role::user;
    bool password_stdin = false;
};
int create_user(const create_user_options& options);

int list_users(bool json);

struct set_password_options {
    std::string email;
    bool password_stdin = false;
};
int set_password(const set_password_options& options);

struct switch_user_options {
    std::string email;
};
int disable_user(const switch_user_options& options);
int enable_user(const switch_user_options& options);

struct delete_user_options {
    std::string email;
    bool yes = false; ///< skips the confirmation
};
int delete_user(const delete_user_options& options);

} // namespace breakwater::app
