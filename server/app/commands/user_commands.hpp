#pragma once

#include "domain/user.hpp"

#include <string>

namespace breakwater::app {

// Accounts, for whoever has a shell on the server. Each gives the process's exit code. All but `list` change
// the database and so need it alone.

struct create_user_options {
    std::string email;
    breakwater::role role = breakwater::role::user;
    bool password_stdin = false;
};
int create_user(const create_user_options& chosen);

int list_users(bool json);

struct set_password_options {
    std::string email;
    bool password_stdin = false;
};
int set_password(const set_password_options& chosen);

struct switch_user_options {
    std::string email;
};
int disable_user(const switch_user_options& chosen);
int enable_user(const switch_user_options& chosen);

struct delete_user_options {
    std::string email;
    bool yes = false; ///< without asking
};
int delete_user(const delete_user_options& chosen);

} // namespace breakwater::app
