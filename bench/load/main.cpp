// breakwater-load: a closed-loop load generator. It sends to this machine only, unless told otherwise.

#include "load/api_client.hpp"
#include "load/endpoint.hpp"
#include "load/fleet.hpp"
#include "load/live_run.hpp"
#include "load/load_run.hpp"
#include "load/report.hpp"
#include "load/sign_in_run.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace breakwater::bench;

std::atomic<bool> interrupted{false};

struct chosen {
    std::string url;
    bool allow_remote = false;
    bool machine = false;
    bool quiet = false;
    std::size_t connections = 64;
    std::size_t threads = 1;
    double seconds = 5;
    double warm_up = 0.5;
    std::uint64_t requests = 0;
    double rate = 0;
    unsigned expect = 0; ///< 0: what the command expects by itself
    std::string tokens_file;
    std::size_t batch = 0; ///< readings in a request; 0: one, not as a batch
    std::uint64_t readings = 5'000'000;
    std::string targets_file;
    std::string bearer_file;
    std::string body;
    std::size_t subscribers = 100;
    std::size_t stalled = 0;
    fleet_plan fleet;
    sign_in_flood flood = sign_in_flood::none;
};

/// Something that the person at the keyboard can put right.
struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

endpoint target(const chosen& from) {
    auto to = parse_endpoint(from.url);
    if (!to)
        throw usage_error{to.error()};
    if (!to->loopback && !from.allow_remote)
        throw usage_error{
            "That is not this machine. Load on a machine that isn't yours is an attack; for one that is, "
            "there is --allow-remote."};
    return std::move(*to);
}

int run(const chosen& from, load_plan plan, unsigned expected) {
    plan.connections = from.connections;
    plan.threads = std::min(from.threads, from.connections);
    plan.duration = std::chrono::milliseconds{static_cast<std::int64_t>(from.seconds * 1000)};
    plan.max_requests = from.requests;
    if (from.requests == 0) // who counts requests wants all of them counted
        plan.warm_up = std::chrono::milliseconds{static_cast<std::int64_t>(from.warm_up * 1000)};
    else
        plan.warm_up = {};
    plan.rate = from.rate;
    plan.expected_status = from.expect == 0 ? expected : from.expect;
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    const load_result result =
        run_load(plan, interrupted, [&](std::chrono::duration<double> at, std::uint64_t answered) {
            if (!from.quiet)
                fmt::print(stderr, "{}{:5.0f} s  {:>10} answers  {:>8.0f} a second{}", terminal ? "\r" : "",
                           at.count(), answered, static_cast<double>(answered) / at.count(),
                           terminal ? "" : "\n");
        });
    if (terminal && !from.quiet)
        fmt::print(stderr, "\r\033[K");
    fmt::print("{}", from.machine ? machine_line(plan, result) : describe(plan, result));
    const bool as_expected = result.unexpected(plan.expected_status) == 0;
    if (from.machine && !as_expected)
        fmt::print(stderr, "{}", describe(plan, result));
    return as_expected ? 0 : 1;
}

int get(const chosen& from) {
    load_plan plan;
    plan.to = target(from);
    plan.requests = {http_request("GET", plan.to.host, plan.to.target, "", "")};
    return run(from, std::move(plan), 200);
}

/// The same body again and again: sign-ins, say.
int post(const chosen& from) {
    load_plan plan;
    plan.to = target(from);
    plan.requests = {http_request("POST", plan.to.host, plan.to.target, "", from.body)};
    return run(from, std::move(plan), 200);
}

std::vector<std::string> read_tokens(const chosen& from) {
    std::ifstream file{from.tokens_file};
    std::vector<std::string> tokens;
    for (std::string line; std::getline(file, line);)
        if (!line.empty())
            tokens.push_back(line);
    if (tokens.empty())
        throw usage_error{"There are no tokens in " + from.tokens_file +
                          "; `breakwater-load fleet` writes them."};
    return tokens;
}

int readings(const chosen& from) {
    load_plan plan;
    plan.to = target(from);
    plan.to.target = "/device/readings";
    const auto tokens = read_tokens(from);
    if (from.batch > 0) {
        plan.to.target += "/batch";
        plan.shared_body = batch_body(from.batch);
        plan.requests = batch_requests(plan.to.host, tokens, plan.shared_body.size());
        return run(from, std::move(plan), 200);
    }
    plan.requests = reading_requests(plan.to.host, tokens);
    return run(from, std::move(plan), 201);
}

/// Wave after wave of batches, each device the same ones: a fleet's past, as fast as the server takes it.
int fill(const chosen& from) {
    load_plan plan;
    plan.to = target(from);
    plan.to.target = "/device/readings/batch";
    const auto tokens = read_tokens(from);
    const std::size_t size = from.batch == 0 ? 1000 : from.batch;
    plan.connections = std::min(from.connections, tokens.size());
    plan.threads = std::min(from.threads, plan.connections);
    plan.max_requests = tokens.size();
    plan.warm_up = {};
    plan.duration = std::chrono::hours{1};
    plan.expected_status = 200;
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    std::uint64_t sent = 0;
    for (std::size_t first = 0; sent < from.readings && !interrupted; first += size) {
        plan.shared_body = batch_body(size, first);
        plan.requests = batch_requests(plan.to.host, tokens, plan.shared_body.size());
        const load_result wave =
            run_load(plan, interrupted, [](std::chrono::duration<double>, std::uint64_t) {});
        if (wave.unexpected(plan.expected_status) != 0 || wave.unanswered != 0) {
            fmt::print(stderr, "{}", describe(plan, wave));
            return 1;
        }
        sent += tokens.size() * size;
        if (!from.quiet)
            fmt::print(stderr, "{}  {:.1f} of {:.1f} million readings{}", terminal ? "\r" : "",
                       static_cast<double>(sent) / 1e6, static_cast<double>(from.readings) / 1e6,
                       terminal ? "" : "\n");
    }
    if (terminal && !from.quiet)
        fmt::print(stderr, "\n");
    fmt::print("{}\n", sent);
    return 0;
}

std::vector<std::string> read_lines(const std::string& file) {
    std::ifstream in{file};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        if (!line.empty())
            lines.push_back(line);
    if (lines.empty())
        throw usage_error{"There is nothing in " + file + "."};
    return lines;
}

/// GET of each target in turn.
int queries(const chosen& from) {
    load_plan plan;
    plan.to = target(from);
    const std::string bearer = read_lines(from.bearer_file).front();
    for (const std::string& path : read_lines(from.targets_file))
        plan.requests.push_back(http_request("GET", plan.to.host, path, bearer, ""));
    return run(from, std::move(plan), 200);
}

/// Watches everything.
int live(const chosen& from) {
    live_plan plan;
    plan.to = target(from);
    plan.token = read_lines(from.bearer_file).front();
    plan.subscribers = from.subscribers;
    plan.stalled = from.stalled;
    plan.duration = std::chrono::milliseconds{static_cast<std::int64_t>(from.seconds * 1000)};
    const live_result result = run_live(plan, interrupted);
    const auto micros = [&](double share) {
        return std::chrono::duration_cast<std::chrono::microseconds>(result.delays.percentile(share)).count();
    };
    fmt::print("deliveries={:.0f} messages={:.0f} p50_us={} p99_us={} gaps={} ended={}\n",
               static_cast<double>(result.deliveries) / result.measured.count(),
               static_cast<double>(result.messages) / result.measured.count(), micros(0.5), micros(0.99),
               result.gaps, result.ended);
    if (!result.first_problem.empty())
        fmt::print(stderr, "breakwater-load: {}\n", result.first_problem);
    return result.first_problem.empty() && result.ended == 0 ? 0 : 1;
}

int sign_ins(const chosen& from) {
    const auto result = run_sign_ins({.to = target(from),
                                      .email = from.fleet.email,
                                      .password = from.fleet.password,
                                      .flood = from.flood,
                                      .connections = static_cast<unsigned>(from.connections),
                                      .length = std::chrono::duration<double>{from.seconds}},
                                     interrupted);
    const auto micros = [&](double share) {
        return std::chrono::duration_cast<std::chrono::microseconds>(result.latency.percentile(share))
            .count();
    };
    fmt::print("sign_ins={} p50_us={} p95_us={} busy={} wrong={} flood={:.0f}\n", result.latency.count(),
               micros(0.5), micros(0.95), result.busy, result.wrong,
               static_cast<double>(result.flood_calls) / from.seconds);
    return result.busy == 0 && result.wrong == 0 ? 0 : 1;
}

int fleet(chosen from) {
    from.fleet.to = target(from);
    // Tokens are secrets: nobody else's eyes, and no file that lay there before.
    const int fd = ::open(from.tokens_file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        throw usage_error{"Cannot create " + from.tokens_file + "; it must not exist yet."};
    ::close(fd);
    const auto tokens = make_fleet(from.fleet, [&](std::size_t made) {
        if (!from.quiet && (made % 500 == 0 || made == from.fleet.devices))
            fmt::print(stderr, "  {} of {} devices\n", made, from.fleet.devices);
    });
    if (!tokens) {
        fmt::print(stderr, "breakwater-load: {}\n", tokens.error());
        return 1;
    }
    std::ofstream file{from.tokens_file, std::ios::app};
    for (const std::string& token : *tokens)
        file << token << '\n';
    file.flush();
    if (!file)
        throw std::runtime_error{"Cannot write " + from.tokens_file + "."};
    return 0;
}

/// Until something answers 2xx there.
int wait(const chosen& from) {
    const endpoint to = target(from);
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(from.seconds);
    while (true) {
        api_client client{to};
        const auto answer = client.call("GET", to.target, "", "");
        if (answer)
            return 0;
        if (interrupted || std::chrono::steady_clock::now() >= end) {
            fmt::print(stderr, "breakwater-load: {}\n", answer.error());
            return 1;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

int print_free_port() {
    const std::uint16_t port = free_port();
    fmt::print("{}\n", port);
    return port == 0 ? 1 : 0;
}

void add_target(CLI::App& command, chosen& into) {
    command.add_option("url", into.url, "Where to, e.g. http://127.0.0.1:8000/healthz")->required();
    command.add_flag("--allow-remote", into.allow_remote, "Take an address that isn't this machine's");
    command.add_flag("--quiet", into.quiet, "No progress");
}

void add_load(CLI::App& command, chosen& into) {
    add_target(command, into);
    command.add_option("-c,--connections", into.connections, "Connections, each with one request open")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    command.add_option("-t,--threads", into.threads, "Threads of the load generator")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command.add_option("-s,--seconds", into.seconds, "How long to measure")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    command.add_option("--warm-up", into.warm_up, "Seconds before that which don't count")
        ->check(CLI::Range(0.0, 60.0))
        ->capture_default_str();
    command.add_option("--rate", into.rate, "Requests a second, each at its time (0: as many as fit)")
        ->check(CLI::NonNegativeNumber);
    command.add_option("-n,--requests", into.requests, "Stop after so many (0: as many as fit)")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000'000}));
    command.add_option("--expect", into.expect, "The status that every answer should have")
        ->check(CLI::Range(100, 599));
    command.add_flag("--machine", into.machine, "One line of name=value pairs, times in microseconds");
}

int main_of(int argc, char** argv) {
    CLI::App app{"A closed-loop load generator for Breakwater"};
    app.require_subcommand(1);
    chosen from;

    CLI::App* const get_command = app.add_subcommand("get", "Send GET requests");
    add_load(*get_command, from);
    CLI::App* const post_command = app.add_subcommand("post", "Send POST requests with a JSON body");
    add_load(*post_command, from);
    post_command->add_option("--body", from.body, "The body")->required();
    CLI::App* const readings_command =
        app.add_subcommand("readings", "Upload readings, one a request, device by device");
    add_load(*readings_command, from);
    readings_command->add_option("--tokens", from.tokens_file, "The file that `fleet` wrote")->required();
    readings_command
        ->add_option("--batch", from.batch, "Readings in each request, as a batch (0: single readings)")
        ->check(CLI::Range(0, 4096));
    CLI::App* const fill_command =
        app.add_subcommand("fill", "Upload a fleet's past in batches, as many readings as are wanted");
    add_load(*fill_command, from);
    fill_command->add_option("--tokens", from.tokens_file, "The file that `fleet` wrote")->required();
    fill_command->add_option("--batch", from.batch, "Readings in each request (0: 1000)")
        ->check(CLI::Range(0, 4096));
    fill_command->add_option("--readings", from.readings, "How many, at least")->capture_default_str();
    CLI::App* const queries_command =
        app.add_subcommand("queries", "Send GET requests for a list of targets");
    add_load(*queries_command, from);
    queries_command->add_option("--targets", from.targets_file, "A file with a path and query a line")
        ->required();
    queries_command->add_option("--bearer", from.bearer_file, "A file with an access token")->required();
    CLI::App* const live_command = app.add_subcommand(
        "live", "Watch everything, as many at once; prints what came a second, and how late");
    add_target(*live_command, from);
    live_command->add_option("--bearer", from.bearer_file, "A file with an access token")->required();
    live_command->add_option("--subscribers", from.subscribers, "Live connections")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    live_command->add_option("--stalled", from.stalled, "Further ones that never read")
        ->check(CLI::Range(0, 10'000));
    live_command->add_option("-s,--seconds", from.seconds, "How long to measure")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    CLI::App* const fleet_command = app.add_subcommand("fleet", "Make devices and get them tokens");
    add_target(*fleet_command, from);
    fleet_command->add_option("--tokens", from.tokens_file, "Where to write the tokens, one a line")
        ->required();
    fleet_command->add_option("--devices", from.fleet.devices)
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    fleet_command->add_option("--email", from.fleet.email)->required();
    fleet_command->add_option("--password", from.fleet.password)
        ->envname("BREAKWATER_LOAD_PASSWORD")
        ->required();
    CLI::App* const sign_ins_command = app.add_subcommand(
        "sign-ins",
        "Sign in again and again, each time from another address, beside a flood of one address; the "
        "server has to trust this machine as a proxy");
    add_target(*sign_ins_command, from);
    sign_ins_command->add_option("--email", from.fleet.email)->required();
    sign_ins_command->add_option("--password", from.fleet.password)
        ->envname("BREAKWATER_LOAD_PASSWORD")
        ->required();
    sign_ins_command->add_option("--flood", from.flood, "What the flood does: none, sign-in or registration")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, sign_in_flood>{{"none", sign_in_flood::none},
                                                 {"sign-in", sign_in_flood::sign_in},
                                                 {"registration", sign_in_flood::registration}}));
    sign_ins_command->add_option("-c,--connections", from.connections, "Connections of the flood")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    sign_ins_command->add_option("-s,--seconds", from.seconds, "How long to measure")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    CLI::App* const wait_command = app.add_subcommand("wait", "Wait until a server answers");
    add_target(*wait_command, from);
    wait_command->add_option("-s,--seconds", from.seconds)
        ->check(CLI::Range(0.0, 600.0))
        ->capture_default_str();
    CLI::App* const port_command = app.add_subcommand("free-port", "Print a free port of 127.0.0.1");

    CLI11_PARSE(app, argc, argv);
    if (*get_command)
        return get(from);
    if (*post_command)
        return post(from);
    if (*readings_command)
        return readings(from);
    if (*fill_command)
        return fill(from);
    if (*queries_command)
        return queries(from);
    if (*live_command)
        return live(from);
    if (*fleet_command)
        return fleet(from);
    if (*sign_ins_command)
        return sign_ins(from);
    if (*wait_command)
        return wait(from);
    return *port_command ? print_free_port() : 2;
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGINT, [](int) { interrupted = true; });
    std::signal(SIGTERM, [](int) { interrupted = true; });
    try {
        return main_of(argc, argv);
    } catch (const usage_error& wrong) {
        fmt::print(stderr, "breakwater-load: {}\n", wrong.what());
        return 2;
    } catch (const std::exception& wrong) {
        fmt::print(stderr, "breakwater-load: {}\n", wrong.what());
        return 1;
    }
}
