#include "support/postgres_server.hpp"

#include <libpq-fe.h>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace breakwater::test {

namespace {

constexpr std::chrono::seconds start_timeout{60};

/// The folder with the programs of the newest version.
std::filesystem::path program_folder() {
    std::filesystem::path newest;
    int newest_version = 0;
    for (const auto& version : std::filesystem::directory_iterator{"/usr/lib/postgresql"}) {
        const int number = std::atoi(version.path().filename().c_str()); // NOLINT(cert-err34-c)
        if (number > newest_version && std::filesystem::exists(version.path() / "bin" / "initdb")) {
            newest_version = number;
            newest = version.path() / "bin";
        }
    }
    if (newest_version < 15)
        throw std::runtime_error{"PostgreSQL 15 or newer is not installed: run scripts/test"};
    return newest;
}

/// The user that the server runs as; null: the current one.
const passwd* server_user() {
    if (::geteuid() != 0)
        return nullptr;
    const passwd* user = ::getpwnam("postgres");
    return user != nullptr ? user : ::getpwnam("nobody");
}

/// Starts a program, whose output goes to the file. It ends with this process.
pid_t start_program(const passwd* user, const std::filesystem::path& folder,
                    std::vector<std::string> command) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (std::string& argument : command)
        arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    const std::string output = folder / "log";
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child != 0)
        return child;
    if (user != nullptr &&
        (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
        ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    const int log = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0 || ::getppid() != parent || ::dup2(log, STDOUT_FILENO) < 0 ||
        ::dup2(log, STDERR_FILENO) < 0 || ::chdir("/") != 0)
        ::_exit(126);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
}

bool succeeded(pid_t child) {
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

postgres_server::postgres_server() {
    const auto programs = program_folder();
    const passwd* user = server_user();
    if (user != nullptr && ::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0)
        throw std::runtime_error{"can't give the folder to the server's user"};
    const std::string data = folder_ / "data";
    if (!succeeded(start_program(user, folder_.path(),
                                 {programs / "initdb", "--pgdata", data, "--username", "breakwater", "--auth",
                                  "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"})))
        throw std::runtime_error{"initdb failed"};
    start();
}

void postgres_server::start() {
    process_ = start_program(server_user(), folder_.path(),
                             {program_folder() / "postgres", "-D", folder_ / "data", "-k", folder_.path(),
                              "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
                              "-c", "autovacuum=off", "-c", "max_connections=200"});
    const auto deadline = std::chrono::steady_clock::now() + start_timeout;
    while (PQping(url_of("postgres").c_str()) != PQPING_OK) {
        if (std::chrono::steady_clock::now() >= deadline) {
            stop();
            throw std::runtime_error{"the database server did not answer in time"};
        }
        if (::waitpid(process_, nullptr, WNOHANG) != 0)
            throw std::runtime_error{"the database server did not start"};
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

void postgres_server::stop() {
    ::kill(process_, SIGQUIT);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
}

postgres_server::~postgres_server() {
    if (process_ != 0)
        stop();
}

postgres_server& postgres_server::instance() {
    static postgres_server server;
    return server;
}

std::string postgres_server::url_of(std::string_view database) const {
    return "postgresql://breakwater@/" + std::string{database} + "?host=" + folder_.path().string();
}

void postgres_server::create(const std::string& database) {
    const std::string message = run_sql("postgres", "CREATE DATABASE " + database);
    if (!message.empty())
        throw std::runtime_error{message};
}

void postgres_server::drop(const std::string& database) {
    (void)run_sql("postgres", "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
}

std::string postgres_server::run_sql(std::string_view database, const std::string& sql) const {
    PGconn* db = PQconnectdb(url_of(database).c_str());
    PQclear(PQexec(db, "SET statement_timeout = '60s'"));
    PQclear(PQexec(db, sql.c_str()));
    std::string message = PQerrorMessage(db);
    PQfinish(db);
    return message;
}

std::vector<std::vector<std::string>> postgres_server::rows_of(const std::string& url,
                                                               const std::string& sql) {
    PGconn* db = PQconnectdb(url.c_str());
    PGresult* received = PQexec(db, sql.c_str());
    const std::string message = PQerrorMessage(db);
    std::vector<std::vector<std::string>> rows(static_cast<std::size_t>(PQntuples(received)));
    for (int row = 0; row < PQntuples(received); ++row)
        for (int column = 0; column < PQnfields(received); ++column)
            rows[static_cast<std::size_t>(row)].emplace_back(PQgetvalue(received, row, column));
    PQclear(received);
    PQfinish(db);
    if (!message.empty())
        throw std::runtime_error{sql + ": " + message};
    return rows;
}

std::string postgres_server::value_of(std::string_view database, const std::string& sql) const {
    PGconn* db = PQconnectdb(url_of(database).c_str());
    PGresult* rows = PQexec(db, sql.c_str());
    std::string value = PQntuples(rows) > 0 ? PQgetvalue(rows, 0, 0) : "";
    PQclear(rows);
    PQfinish(db);
    return value;
}

} // namespace breakwater::test
