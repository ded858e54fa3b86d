// breakwater-load: a load generator. It sends requests only to this machine, unless --allow-remote is given.

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

struct load_options {
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
    unsigned expect = 0; ///< 0: the command's default
    std::string tokens_file;
    std::size_t batch = 0; ///< readings per request; 0: single readings, not batches
    std::uint64_t readings = 5'000'000;
    std::string targets_file;
    std::string bearer_file;
    std::string body;
    std::size_t subscribers = 100;
    std::size_t stalled = 0;
    fleet_plan fleet;
    sign_in_flood flood = sign_in_flood::none;
};

/// An error in the command's arguments or files.
struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

endpoint target(const load_options& options) {
    auto server = parse_endpoint(options.url);
    if (!server)
        throw usage_error{server.error()};
    if (!server->loopback && !options.allow_remote)
        throw usage_error{"The address is not on this machine. Load on other people's machines is an attack. "
                          "Use --allow-remote if the machine is yours."};
    return std::move(*server);
}

int run(const load_options& options, load_plan plan, unsigned expected) {
    plan.connections = options.connections;
    plan.threads = std::min(options.threads, options.connections);
    plan.duration = std::chrono::milliseconds{static_cast<std::int64_t>(options.seconds * 1000)};
    plan.max_requests = options.requests;
    if (options.requests == 0) // with --requests, all of them are measured
        plan.warm_up = std::chrono::milliseconds{static_cast<std::int64_t>(options.warm_up * 1000)};
    else
        plan.warm_up = {};
    plan.rate = options.rate;
    plan.expected_status = options.expect == 0 ? expected : options.expect;
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    const load_result result =
        run_load(plan, interrupted, [&](std::chrono::duration<double> elapsed, std::uint64_t answered) {
            if (!options.quiet)
                fmt::print(stderr, "{}{:5.0f} s  {:>10} responses  {:>8.0f} per second{}",
                           terminal ? "\r" : "", elapsed.count(), answered,
                           static_cast<double>(answered) / elapsed.count(), terminal ? "" : "\n");
        });
    if (terminal && !options.quiet)
        fmt::print(stderr, "\r\033[K");
    fmt::print("{}", options.machine ? machine_line(plan, result) : describe(plan, result));
    const bool as_expected = result.unexpected(plan.expected_status) == 0;
    if (options.machine && !as_expected)
        fmt::print(stderr, "{}", describe(plan, result));
    return as_expected ? 0 : 1;
}

int get(const load_options& options) {
    load_plan plan;
    plan.server = target(options);
    plan.requests = {http_request("GET", plan.server.host, plan.server.target, "", "")};
    return run(options, std::move(plan), 200);
}

/// Sends the same body in each request, for example a sign-in.
int post(const load_options& options) {
    load_plan plan;
    plan.server = target(options);
    plan.requests = {http_request("POST", plan.server.host, plan.server.target, "", options.body)};
    return run(options, std::move(plan), 200);
}

std::vector<std::string> read_tokens(const load_options& options) {
    std::ifstream file{options.tokens_file};
    std::vector<std::string> tokens;
    for (std::string line; std::getline(file, line);)
        if (!line.empty())
            tokens.push_back(line);
    if (tokens.empty())
        throw usage_error{"There are no tokens in " + options.tokens_file +
                          ". Create them with `breakwater-load fleet`."};
    return tokens;
}

int readings(const load_options& options) {
    load_plan plan;
    plan.server = target(options);
    plan.server.target = "/device/readings";
    const auto tokens = read_tokens(options);
    if (options.batch > 0) {
        plan.server.target += "/batch";
        plan.shared_body = batch_body(options.batch);
        plan.requests = batch_requests(plan.server.host, tokens, plan.shared_body.size());
        return run(options, std::move(plan), 200);
    }
    plan.requests = reading_requests(plan.server.host, tokens);
    return run(options, std::move(plan), 201);
}

/// Uploads the past readings of a fleet as fast as the server accepts them: in each round, every device sends
/// the same batch.
int fill(const load_options& options) {
    load_plan plan;
    plan.server = target(options);
    plan.server.target = "/device/readings/batch";
    const auto tokens = read_tokens(options);
    const std::size_t size = options.batch == 0 ? 1000 : options.batch;
    plan.connections = std::min(options.connections, tokens.size());
    plan.threads = std::min(options.threads, plan.connections);
    plan.max_requests = tokens.size();
    plan.warm_up = {};
    plan.duration = std::chrono::hours{1};
    plan.expected_status = 200;
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    std::uint64_t sent = 0;
    for (std::size_t first = 0; sent < options.readings && !interrupted; first += size) {
        plan.shared_body = batch_body(size, first);
        plan.requests = batch_requests(plan.server.host, tokens, plan.shared_body.size());
        const load_result result =
            run_load(plan, interrupted, [](std::chrono::duration<double>, std::uint64_t) {});
        if (result.unexpected(plan.expected_status) != 0 || result.unanswered != 0) {
            fmt::print(stderr, "{}", describe(plan, result));
            return 1;
        }
        sent += tokens.size() * size;
        if (!options.quiet)
            fmt::print(stderr, "{}  {:.1f} of {:.1f} million readings{}", terminal ? "\r" : "",
                       static_cast<double>(sent) / 1e6, static_cast<double>(options.readings) / 1e6,
                       terminal ? "" : "\n");
    }
    if (terminal && !options.quiet)
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
        throw usage_error{"The file " + file + " is missing or empty."};
    return lines;
}

/// Sends a GET request for each target in turn.
int queries(const load_options& options) {
    load_plan plan;
    plan.server = target(options);
    const std::string bearer = read_lines(options.bearer_file).front();
    for (const std::string& path : read_lines(options.targets_file))
        plan.requests.push_back(http_request("GET", plan.server.host, path, bearer, ""));
    return run(options, std::move(plan), 200);
}

/// Subscribes to all events.
int live(const load_options& options) {
    live_plan plan;
    plan.server = target(options);
    plan.token = read_lines(options.bearer_file).front();
    plan.subscribers = options.subscribers;
    plan.stalled = options.stalled;
    plan.duration = std::chrono::milliseconds{static_cast<std::int64_t>(options.seconds * 1000)};
    const live_result result = run_live(plan, interrupted);
    if (!result.first_problem.empty()) {
        fmt::print(stderr, "breakwater-load: {}\n", result.first_problem);
        return 1;
    }
    const auto micros = [&](double share) {
        return std::chrono::duration_cast<std::chrono::microseconds>(result.delays.percentile(share)).count();
    };
    fmt::print("deliveries={:.0f} messages={:.0f} p50_us={} p99_us={} gaps={} ended={}\n",
               static_cast<double>(result.deliveries) / result.measured.count(),
               static_cast<double>(result.messages) / result.measured.count(), micros(0.5), micros(0.99),
               result.gaps, result.ended);
    return result.ended == 0 ? 0 : 1;
}

int sign_ins(const load_options& options) {
    const auto result = run_sign_ins({.server = target(options),
                                      .email = options.fleet.email,
                                      .password = options.fleet.password,
                                      .flood = options.flood,
                                      .connections = static_cast<unsigned>(options.connections),
                                      .length = std::chrono::duration<double>{options.seconds}},
                                     interrupted);
    const auto micros = [&](double share) {
        return std::chrono::duration_cast<std::chrono::microseconds>(result.latency.percentile(share))
            .count();
    };
    fmt::print("sign_ins={} p50_us={} p95_us={} busy={} wrong={} flood={:.0f}\n", result.latency.count(),
               micros(0.5), micros(0.95), result.busy, result.wrong,
               static_cast<double>(result.flood_calls) / options.seconds);
    return result.busy == 0 && result.wrong == 0 ? 0 : 1;
}

int fleet(load_options options) {
    options.fleet.server = target(options);
    // Tokens are secrets: the file is readable only by its owner, and must be new.
    const int fd = ::open(options.tokens_file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        throw usage_error{"Can't create " + options.tokens_file + ". The file must not exist yet."};
    ::close(fd);
    const auto tokens = create_fleet(options.fleet, [&](std::size_t created) {
        if (!options.quiet && (created % 500 == 0 || created == options.fleet.devices))
            fmt::print(stderr, "  {} of {} devices\n", created, options.fleet.devices);
    });
    if (!tokens) {
        fmt::print(stderr, "breakwater-load: {}\n", tokens.error());
        return 1;
    }
    std::ofstream file{options.tokens_file, std::ios::app};
    for (const std::string& token : *tokens)
        file << token << '\n';
    file.flush();
    if (!file)
        throw std::runtime_error{"Can't write " + options.tokens_file + "."};
    return 0;
}

/// Waits until the server returns a 2xx response.
int wait(const load_options& options) {
    const endpoint server = target(options);
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(options.seconds);
    while (true) {
        api_client client{server};
        const auto response = client.call("GET", server.target, "", "");
        if (response)
            return 0;
        if (interrupted || std::chrono::steady_clock::now() >= end) {
            fmt::print(stderr, "breakwater-load: {}\n", response.error());
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

void add_target(CLI::App& command, load_options& options) {
    command.add_option("url", options.url, "URL of the server, e.g. http://127.0.0.1:8000/healthz")
        ->required();
    command.add_flag("--allow-remote", options.allow_remote, "Allow an address of another machine");
    command.add_flag("--quiet", options.quiet, "Don't show the progress");
}

void add_load(CLI::App& command, load_options& options) {
    add_target(command, options);
    command
        .add_option("-c,--connections", options.connections, "Connections, each with one request at a time")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    command.add_option("-t,--threads", options.threads, "Threads of the load generator")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command.add_option("-s,--seconds", options.seconds, "How long to measure")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    command.add_option("--warm-up", options.warm_up, "Seconds before the measurement")
        ->check(CLI::Range(0.0, 60.0))
        ->capture_default_str();
    command
        .add_option("--rate", options.rate, "Requests per second, at even intervals (0: as fast as possible)")
        ->check(CLI::NonNegativeNumber);
    command.add_option("-n,--requests", options.requests, "Stop after this many requests (0: unlimited)")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000'000}));
    command.add_option("--expect", options.expect, "The expected status of every response")
        ->check(CLI::Range(100, 599));
    command.add_flag("--machine", options.machine,
                     "Print one line of name=value pairs, times in microseconds");
}

int run_command(int argc, char** argv) {
    CLI::App app{"A load generator for Breakwater"};
    app.require_subcommand(1);
    load_options options;

    CLI::App* const get_command = app.add_subcommand("get", "Send GET requests");
    add_load(*get_command, options);
    CLI::App* const post_command = app.add_subcommand("post", "Send POST requests with a JSON body");
    add_load(*post_command, options);
    post_command->add_option("--body", options.body, "The body")->required();
    CLI::App* const readings_command =
        app.add_subcommand("readings", "Upload readings, one per request, device by device");
    add_load(*readings_command, options);
    readings_command->add_option("--tokens", options.tokens_file, "The file that `fleet` wrote")->required();
    readings_command
        ->add_option("--batch", options.batch, "Readings per request, sent as a batch (0: single readings)")
        ->check(CLI::Range(0, 4096));
    CLI::App* const fill_command = app.add_subcommand("fill", "Upload past readings of a fleet in batches");
    add_load(*fill_command, options);
    fill_command->add_option("--tokens", options.tokens_file, "The file that `fleet` wrote")->required();
    fill_command->add_option("--batch", options.batch, "Readings per request (0: 1000)")
        ->check(CLI::Range(0, 4096));
    fill_command->add_option("--readings", options.readings, "Minimum number of readings")
        ->capture_default_str();
    CLI::App* const queries_command =
        app.add_subcommand("queries", "Send GET requests for a list of targets");
    add_load(*queries_command, options);
    queries_command->add_option("--targets", options.targets_file, "A file with a path and query per line")
        ->required();
    queries_command->add_option("--bearer", options.bearer_file, "A file with an access token")->required();
    CLI::App* const live_command = app.add_subcommand(
        "live", "Subscribe to all events on many connections; prints deliveries per second and their delay");
    add_target(*live_command, options);
    live_command->add_option("--bearer", options.bearer_file, "A file with an access token")->required();
    live_command->add_option("--subscribers", options.subscribers, "Live connections")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    live_command->add_option("--stalled", options.stalled, "Further connections that never read")
        ->check(CLI::Range(0, 10'000));
    live_command->add_option("-s,--seconds", options.seconds, "How long to measure")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    CLI::App* const fleet_command = app.add_subcommand("fleet", "Create devices and get a token for each");
    add_target(*fleet_command, options);
    fleet_command
        ->add_option("--tokens", options.tokens_file, "The file to write the tokens to, one per line")
        ->required();
    fleet_command->add_option("--devices", options.fleet.devices)
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    fleet_command->add_option("--email", options.fleet.email)->required();
    fleet_command->add_option("--password", options.fleet.password)
        ->envname("BREAKWATER_LOAD_PASSWORD")
        ->required();
    CLI::App* const sign_ins_command = app.add_subcommand(
        "sign-ins",
        "Sign in repeatedly, each time from another address, during a flood from one address; the server "
        "must trust this machine as a proxy");
    add_target(*sign_ins_command, options);
    sign_ins_command->add_option("--email", options.fleet.email)->required();
    sign_ins_command->add_option("--password", options.fleet.password)
        ->envname("BREAKWATER_LOAD_PASSWORD")
        ->required();
    sign_ins_command
        ->add_option("--flood", options.flood, "The requests of the flood: none, sign-in or registration")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, sign_in_flood>{{"none", sign_in_flood::none},
                                                 {"sign-in", sign_in_flood::sign_in},
                                                 {"registration", sign_in_flood::registration}}));
    sign_ins_command->add_option("-c,--connections", options.connections, "Connections of the flood")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    sign_ins_command->add_option("-s,--seconds", options.seconds, "How long to measure")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    CLI::App* const wait_command = app.add_subcommand("wait", "Wait until a server responds");
    add_target(*wait_command, options);
    wait_command->add_option("-s,--seconds", options.seconds)
        ->check(CLI::Range(0.0, 600.0))
        ->capture_default_str();
    CLI::App* const port_command = app.add_subcommand("free-port", "Print a free port of 127.0.0.1");

    CLI11_PARSE(app, argc, argv);
    if (*get_command)
        return get(options);
    if (*post_command)
        return post(options);
    if (*readings_command)
        return readings(options);
    if (*fill_command)
        return fill(options);
    if (*queries_command)
        return queries(options);
    if (*live_command)
        return live(options);
    if (*fleet_command)
        return fleet(options);
    if (*sign_ins_command)
        return sign_ins(options);
    if (*wait_command)
        return wait(options);
    return *port_command ? print_free_port() : 2;
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGINT, [](int) { interrupted = true; });
    std::signal(SIGTERM, [](int) { interrupted = true; });
    try {
        return run_command(argc, argv);
    } catch (const usage_error& exception) {
        fmt::print(stderr, "breakwater-load: {}\n", exception.what());
        return 2;
    } catch (const std::exception& exception) {
        fmt::print(stderr, "breakwater-load: {}\n", exception.what());
        return 1;
    }
}
