#include "unit/http/test_server.hpp"

namespace breakwater::test {
namespace {

using http::method;
using http::request;
using http::response;

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/hello", [](request&) { return text("hello"); }));
    table.push_back(get("/devices/{id}", [](request& asked) {
        return text(asked.path_parameters.at(0) + '|' + asked.query + '|' + std::string{asked.route});
    }));
    table.push_back(
        get("/who", [](request& asked) { return text(asked.client_address + ' ' + asked.request_id); }));
    table.push_back(get("/throws", [](request&) -> response { throw std::runtime_error{"inside"}; }));
    table.push_back(get("/header", [](request&) {
        response made = text("x");
        made.headers = {{"X-Good", "1"}, {"X-Bad", "a\r\nX-Forged: 1"}, {"X-Bad\r\n", "1"}};
        return made;
    }));
    table.push_back({method::post,
                     "/raw",
                     http::credential::none,
                     http::inline_handler{[](request& asked) { return text('<' + asked.body + '>'); }},
                     {}});
    table.push_back(
        {method::post,
         "/echo",
         http::credential::none,
         http::blocking_handler{http::work::query, [](request& asked) { return text(asked.body); }},
         {.request_schema = "Echo"}});
    table.push_back(
        {method::get,
         "/late",
         http::credential::none,
         http::async_handler{[](request&, http::respond answer) {
             std::thread{[answer = std::move(answer)]() mutable { answer(text("late")); }}.detach();
         }},
         {}});
    table.push_back({method::get,
                     "/soon",
                     http::credential::none,
                     http::async_handler{[](request&, http::respond answer) { answer(text("soon")); }},
                     {}});
    table.push_back({method::get,
                     "/forgotten",
                     http::credential::none,
                     http::async_handler{[](request&, http::respond) {}},
                     {}});
    table.push_back({method::get,
                     "/throws-late",
                     http::credential::none,
                     http::blocking_handler{http::work::hashing,
                                            [](request&) -> response { throw std::runtime_error{"inside"}; }},
                     {}});
    table.push_back({method::get,
                     "/throws-soon",
                     http::credential::none,
                     http::async_handler{[](request&, http::respond) { throw 7; }},
                     {}});
    table.push_back({method::post,
                     "/admitted",
                     http::credential::none,
                     http::blocking_handler{
                         http::work::hashing, [](request& asked) { return text("let in: " + asked.body); },
                         [](request& asked) -> http::refusal {
                             if (asked.body == "throw")
                                 throw std::runtime_error{"inside"};
                             if (asked.body == "good")
                                 return {};
                             return [&asked](http::respond answer) {
                                 std::thread{[&asked, answer = std::move(answer)]() mutable {
                                     answer(http::problem(429, "not you: " + asked.body));
                                 }}.detach();
                             };
                         }},
                     {}});
    table.push_back({method::post,
                     "/secret",
                     http::credential::person,
                     http::inline_handler{[](request& asked) {
                         return text(std::to_string(asked.principal.user) + asked.body);
                     }},
                     {.request_schema = "Secret"}});
    return table;
}

std::string get_request(const std::string& path, const std::string& fields = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string post_request(const std::string& path, const std::string& body, const std::string& fields = "") {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + fields + "\r\n" + body;
}

class server : public testing::Test {
protected:
    test_server house{routes()};
    raw_client client{house.port()};
};

TEST_F(server, asks_whether_a_call_may_wait_before_it_waits) {
    EXPECT_EQ(client.ask(post_request("/admitted", "good")).body, "let in: good");
    const raw_answer refused = client.ask(post_request("/admitted", "bad"));
    EXPECT_EQ(refused.status, 429);
    EXPECT_NE(refused.body.find("not you: bad"), std::string::npos);
    EXPECT_EQ(client.ask(post_request("/admitted", "throw")).status, 500);
    EXPECT_EQ(client.ask(post_request("/admitted", "good")).status, 200) << "and the connection goes on";
}

TEST_F(server, answers_one_request_after_the_other) {
    for (int i = 0; i < 3; ++i) {
        const raw_answer answer = client.ask(get_request("/hello"));
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "hello");
        EXPECT_FALSE(answer.has("connection"));
    }
    EXPECT_EQ(client.ask(get_request("/devices/a%20b")).body, "a b||GET /devices/{id}");
}

TEST_F(server, says_what_every_answer_says) {
    for (const char* path : {"/hello", "/nothing", "/throws"}) {
        const raw_answer answer = client.ask(get_request(path));
        EXPECT_EQ(answer.header("x-content-type-options"), "nosniff") << path;
        EXPECT_EQ(answer.header("x-frame-options"), "DENY");
        EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
        EXPECT_EQ(answer.header("cache-control"), "no-store");
        EXPECT_EQ(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        EXPECT_EQ(answer.header("cross-origin-opener-policy"), "same-origin");
        EXPECT_EQ(answer.header("cross-origin-resource-policy"), "same-origin");
        EXPECT_EQ(answer.header("x-permitted-cross-domain-policies"), "none");
        EXPECT_EQ(answer.header("x-request-id").size(), 32U);
        EXPECT_EQ(answer.header("date").size(), 29U);
        EXPECT_FALSE(answer.has("server"));
        EXPECT_FALSE(answer.has("strict-transport-security"));
    }
}

TEST_F(server, takes_a_request_id_that_looks_like_one) {
    EXPECT_EQ(client.ask(get_request("/who", "X-Request-Id: a.B_9-\r\n")).header("x-request-id"), "a.B_9-");
    EXPECT_EQ(client.ask(get_request("/who", "X-Request-Id: a.B_9-\r\n")).body, "127.0.0.1 a.B_9-");
    for (const std::string& bad :
         {std::string{"a b"}, std::string(65, 'a'), std::string{"a\"b"}, std::string{}})
        EXPECT_EQ(
            client.ask(get_request("/who", "X-Request-Id: " + bad + "\r\n")).header("x-request-id").size(),
            32U);
    EXPECT_NE(client.ask(get_request("/who")).body, client.ask(get_request("/who")).body);
}

TEST_F(server, takes_no_request_id_where_there_are_two) {
    EXPECT_EQ(client.ask(get_request("/who", "X-Request-Id: a\r\nX-Request-Id: b\r\n"))
                  .header("x-request-id")
                  .size(),
              32U);
}

// RFC 9110 section 5.3: of two, a proxy may have looked at the one and we at the other
TEST_F(server, refuses_a_second_credential_and_a_second_type) {
    for (const char* second : {"Authorization: Bearer bad\r\n", "Content-Type: text/plain\r\n",
                               "Content-Encoding: gzip\r\n", "Origin: https://b.example\r\n"}) {
        const std::string first =
            "Authorization: Bearer good\r\nContent-Type: application/json\r\nContent-Encoding: identity\r\n"
            "Origin: https://a.example\r\n";
        raw_client each{house.port()};
        EXPECT_EQ(each.ask(post_request("/secret", "{}", first)).status, 200);
        EXPECT_EQ(each.ask(post_request("/secret", "{}", first + second)).status, 400) << second;
        EXPECT_TRUE(each.at_end());
    }
}

TEST_F(server, leaves_out_a_field_that_would_forge_another) {
    const raw_answer answer = client.ask(get_request("/header"));
    EXPECT_EQ(answer.header("x-good"), "1");
    EXPECT_FALSE(answer.has("x-forged"));
    EXPECT_FALSE(answer.has("x-bad"));
}

TEST_F(server, answers_pipelined_requests_in_order) {
    std::string bytes;
    for (int i = 0; i < 50; ++i) {
        bytes += get_request("/devices/" + std::to_string(i));
        bytes += post_request("/echo", std::to_string(i), "Content-Type: application/json\r\n");
        bytes += get_request(i % 2 == 0 ? "/late" : "/soon");
    }
    client.send(bytes);
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(client.read_answer().body, std::to_string(i) + "||GET /devices/{id}");
        EXPECT_EQ(client.read_answer().body, std::to_string(i));
        EXPECT_EQ(client.read_answer().body, i % 2 == 0 ? "late" : "soon");
    }
}

TEST_F(server, puts_a_request_together_from_single_bytes) {
    for (const char c : "\r\n" + post_request("/raw", "body"))
        client.send({&c, 1});
    EXPECT_EQ(client.read_answer().body, "<body>");
}

TEST_F(server, gives_head_the_header_alone) {
    client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    const raw_answer answer = client.read_answer(true);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("content-length"), "5");
    EXPECT_EQ(client.ask(get_request("/hello")).body, "hello");
}

TEST_F(server, knows_what_an_address_takes) {
    const raw_answer wrong = client.ask(post_request("/hello", "x"));
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.header("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(wrong.header("content-type"), "application/problem+json");
    EXPECT_NE(wrong.body.find(R"("request_id":")" + wrong.header("x-request-id")), std::string::npos);
    EXPECT_EQ(client.ask(get_request("/nothing")).status, 404);
    EXPECT_EQ(client.ask("BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 501);
    const raw_answer trace = client.ask("TRACE /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(trace.status, 405);
    EXPECT_EQ(trace.header("allow"), "GET, HEAD, OPTIONS");
    const raw_answer options = client.ask("OPTIONS /raw HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(options.header("allow"), "POST, OPTIONS");
    EXPECT_FALSE(options.has("content-length"));
    EXPECT_EQ(client.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").status, 204);
    EXPECT_EQ(client.ask(get_request("/hello")).status, 200);
}

TEST_F(server, reads_bodies_of_either_framing) {
    EXPECT_EQ(client.ask(post_request("/raw", "abc")).body, "<abc>");
    EXPECT_EQ(client.ask("POST /raw HTTP/1.1\r\nHost: a\r\n\r\n").body, "<>");
    EXPECT_EQ(client
                  .ask("POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "2\r\nab\r\n1;x=y\r\nc\r\n0\r\nT: v\r\n\r\n")
                  .body,
              "<abc>");
    const std::string large(300'000, 'x');
    EXPECT_EQ(client.ask(post_request("/raw", large)).body, '<' + large + '>');
    EXPECT_EQ(client.ask(get_request("/hello")).body, "hello");
}

TEST_F(server, says_go_on_to_a_client_that_waits_for_it) {
    client.send("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 100);
    EXPECT_EQ(client.ask("abc").body, "<abc>");
    // Refused beforehand, it is told so instead, and the connection ends.
    client.send("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    const raw_answer refused = client.read_answer();
    EXPECT_EQ(refused.status, 404);
    EXPECT_EQ(refused.header("connection"), "close");
    EXPECT_TRUE(client.at_end());
}

TEST_F(server, wants_json_where_a_route_says_so) {
    const auto post = [this](const std::string& fields) {
        return client.ask(post_request("/echo", "{}", fields)).status;
    };
    EXPECT_EQ(post(""), 200);
    EXPECT_EQ(post("Content-Type: application/json\r\n"), 200);
    EXPECT_EQ(post("Content-Type: Application/JSON ; charset=UTF-8\r\n"), 200);
    EXPECT_EQ(post("Content-Type: application/json; charset=latin1\r\n"), 415);
    EXPECT_EQ(post("Content-Type: application/json; profile=\"a;b\"; charset=\"utf-8\"\r\n"), 200);
    EXPECT_EQ(post("Content-Type: application/json; charset=utf-8; charset=latin1\r\n"), 415);
    EXPECT_EQ(post("Content-Type: application/json\r\nContent-Encoding: IDENTITY\r\n"), 200);
    EXPECT_EQ(post("Content-Type: text/plain\r\n"), 415);
    EXPECT_EQ(post("Content-Type: application/x-www-form-urlencoded\r\n"), 415);
    EXPECT_EQ(post("Content-Type: application/json\r\nContent-Encoding: gzip\r\n"), 415);
    EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\n\r\n").status, 411);
    EXPECT_EQ(post(""), 200);
}

TEST_F(server, lets_nobody_in_without_the_credential) {
    const std::string body = "{}";
    const raw_answer refused = client.ask(post_request("/secret", body));
    EXPECT_EQ(refused.status, 401);
    EXPECT_FALSE(refused.has("connection")) << "its body was read past, so the connection can go on";
    EXPECT_EQ(house.access.all_refused(), (std::vector<std::string>{"POST /secret"}));
    EXPECT_EQ(client.ask(post_request("/secret", body, "Authorization: Bearer good\r\n")).body, "7{}");
    EXPECT_EQ(client.ask("POST /secret HTTP/1.1\r\nHost: a\r\n\r\n").status, 401)
        << "before 411: it learns nothing";
}

TEST_F(server, answers_500_with_nothing_of_what_went_wrong) {
    for (const char* path : {"/throws", "/throws-late", "/throws-soon", "/forgotten"}) {
        const raw_answer answer = client.ask(get_request(path));
        EXPECT_EQ(answer.status, 500) << path;
        EXPECT_EQ(answer.body.find("inside"), std::string::npos);
        EXPECT_NE(answer.body.find(answer.header("x-request-id")), std::string::npos);
    }
}

TEST_F(server, turns_away_at_the_gate_and_closes) {
    for (const std::string& bytes :
         {std::string{"GET /hello HTTP/1.1\r\n\r\n"},
          get_request("/hello", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
          "POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" +
              get_request("/hello")}) {
        raw_client each{house.port()};
        const raw_answer answer = each.ask(get_request("/hello") + bytes);
        EXPECT_EQ(answer.status, 200);
        const raw_answer refused = each.read_answer();
        EXPECT_EQ(refused.status, 400) << bytes;
        EXPECT_EQ(refused.header("connection"), "close");
        EXPECT_EQ(refused.header("content-type"), "application/problem+json");
        EXPECT_TRUE(each.at_end());
    }
    const auto told = house.access.all_turned_away();
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told[0], "127.0.0.1 There is no Host field.");
    EXPECT_NE(house.metrics().find("breakwater_http_turned_away_total 3\n"), std::string::npos);
}

TEST_F(server, asks_again_whom_it_let_in_where_the_body_keeps_it_waiting) {
    client.send("POST /secret HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\n"
                "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{");
    while (house.access.times_asked() == 0)
        std::this_thread::yield();
    house.access.revoked = true;
    client.send("}");
    EXPECT_EQ(client.read_answer().status, 401);
    EXPECT_EQ(house.access.all_refused(), (std::vector<std::string>{"POST /secret"}));
    house.access.revoked = false;
    EXPECT_EQ(client.ask(post_request("/secret", "{}", "Authorization: Bearer good\r\n")).body, "7{}");
}

TEST_F(server, lets_a_client_read_why_its_large_body_is_refused) {
    const std::string body(4U << 20, 'x');
    client.send("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 4194304\r\n\r\n" + body.substr(0, 500'000));
    EXPECT_EQ(client.read_answer().status, 413);
    raw_client chunked{house.port()};
    chunked.send("POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 17; ++i)
        chunked.send("10000\r\n" + body.substr(0, 0x10000) + "\r\n");
    EXPECT_EQ(chunked.read_answer().status, 413);
}

// RFC 9112 section 9.6: a client that sends all of its body before it reads gets its answer
TEST_F(server, lets_a_client_send_all_of_its_body_before_it_reads_the_refusal) {
    const std::string body(5'000'000, 'x');
    client.send(post_request("/raw", body));
    EXPECT_EQ(client.read_answer().status, 413);
    EXPECT_TRUE(client.at_end());
    raw_client header{house.port()};
    header.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + body);
    EXPECT_EQ(header.read_answer().status, 431);
    raw_client malformed{house.port()};
    malformed.send("POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + body);
    EXPECT_EQ(malformed.read_answer().status, 400);
}

TEST(server_linger, has_a_bound_in_bytes) {
    test_server house{routes()};
    raw_client endless{house.port()};
    endless.send("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n");
    const std::string piece(1U << 20, 'x');
    const auto sends = [&] {
        return ::send(endless.descriptor(), piece.data(), piece.size(), MSG_NOSIGNAL) > 0;
    };
    int sent = 0;
    while (sends())
        ASSERT_LT(++sent, 1000) << "nobody reads on for ever";
    raw_client neighbour{house.port()};
    EXPECT_EQ(neighbour.ask(get_request("/hello")).body, "hello");
}

TEST(server_proxies, that_contradict_each_other_cost_one_request_and_not_the_connection) {
    test_server house{routes(), {.trusted_proxies = {"127.0.0.1"}}};
    raw_client proxy{house.port()};
    EXPECT_EQ(proxy.ask(get_request("/who", "X-Forwarded-For: 1.2.3.4\r\nX-Request-Id: a\r\n")).body,
              "1.2.3.4 a");
    EXPECT_EQ(proxy.ask(get_request("/who", "Forwarded: for=1.2.3.4\r\nX-Request-Id: a\r\n")).body,
              "1.2.3.4 a");
    EXPECT_EQ(proxy.ask(get_request("/who", "X-Forwarded-For: 1.2.3.4\r\nForwarded: for=6.6.6.6\r\n")).status,
              400);
    EXPECT_EQ(proxy.ask(post_request("/raw", "x", "Forwarded: for=\"\r\n")).status, 400);
    EXPECT_EQ(proxy.ask(get_request("/hello")).body, "hello") << "another client's, over the same connection";
    EXPECT_EQ(house.access.all_turned_away().size(), 2U);
}

TEST_F(server, keeps_an_old_client_only_where_it_asks) {
    const raw_answer kept = client.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(kept.body, "hello");
    EXPECT_EQ(kept.header("connection"), "keep-alive");
    const raw_answer last = client.ask("GET /hello HTTP/1.0\r\n\r\n");
    EXPECT_EQ(last.header("connection"), "close");
    EXPECT_TRUE(client.at_end());
}

TEST_F(server, closes_when_asked) {
    const raw_answer answer =
        client.ask(get_request("/hello", "Connection: close\r\n") + get_request("/hello"));
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(client.at_end()) << "what comes after a close is not answered";
}

TEST_F(server, answers_a_client_that_only_listens_on) {
    client.send(get_request("/late"));
    client.finish_sending();
    EXPECT_EQ(client.read_answer().body, "late");
    EXPECT_TRUE(client.at_end());
}

TEST_F(server, counts_by_route_and_status) {
    (void)client.ask(get_request("/hello"));
    (void)client.ask(get_request("/hello"));
    (void)client.ask(get_request("/nothing"));
    const std::string text = house.metrics();
    EXPECT_NE(text.find("breakwater_http_requests_total{route=\"GET /hello\",status=\"200\"} 2\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("breakwater_http_requests_total{route=\"unrouted\",status=\"404\"} 1\n"),
              std::string::npos);
    EXPECT_NE(text.find("breakwater_http_request_duration_seconds_count{route=\"GET /hello\"} 2\n"),
              std::string::npos);
    EXPECT_NE(text.find("breakwater_http_connections 1\n"), std::string::npos);
}

TEST(server_listen, says_why_it_can_not) {
    test_server first{routes()};
    http::server_options options;
    const auto why = [&options] {
        try {
            const test_server made{routes(), options};
        } catch (const std::runtime_error& refused) {
            return std::string{refused.what()};
        }
        return std::string{};
    };
    options.host = "192.0.2.1"; // reserved for documentation: no machine has it
    EXPECT_NE(why().find("Can't listen on 192.0.2.1"), std::string::npos) << why();
    options = {};
    options.trusted_proxies = {"10.0.0.0/33"};
    EXPECT_NE(why().find("10.0.0.0/33"), std::string::npos);
    options = {};
    options.tls_certificate_file = "/nowhere/certificate.pem";
    EXPECT_NE(why().find("/nowhere/certificate.pem"), std::string::npos);
}

TEST(server_head, refusals_of_head_have_the_fields_and_no_body) {
    const std::string long_field = "X: " + std::string(20'000, 'x') + "\r\n";
    for (const auto& [asked, status] : std::vector<std::pair<std::string, int>>{
             {"HEAD /hello HTTP/1.1\r\n\r\n", 400},                       // the gate: no Host
             {"HEAD /hello HTTP/1.1\r\nHost: a\r\n" + long_field, 431},   // the gate, before the end
             {"HEAD /" + std::string(9'000, 'x') + " HTTP/1.1\r\n", 414}, // within the request line
             {"\r\nHEAD /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
             {"HEAD /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
             {"HEAD /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413},
             {"HEAD /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404},
             {"HEAD /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405}}) {
        test_server house{routes()};
        raw_client client{house.port()};
        client.send(asked);
        client.finish_sending();
        const raw_answer answer = client.read_answer(true);
        EXPECT_EQ(answer.status, status) << asked.substr(0, 60);
        EXPECT_NE(answer.header("content-length"), "0") << status;
        EXPECT_FALSE(answer.header("content-length").empty()) << status;
        EXPECT_EQ(answer.header("content-type"), "application/problem+json") << status;
        EXPECT_TRUE(client.at_end()) << "no body: " << asked.substr(0, 60);
    }
}

TEST(server_head, a_head_that_takes_too_long_is_told_without_a_body) {
    test_server house{routes(), {.header_timeout = std::chrono::seconds{1}}};
    raw_client client{house.port()};
    client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n");
    EXPECT_EQ(client.read_answer(true).status, 408);
    EXPECT_TRUE(client.at_end());
}

TEST(server_cors, pages_may_read_what_answers_carry) {
    test_server house{routes(), {.cors_origins = {"*"}}};
    raw_client client{house.port()};
    const std::string exposed = client.ask(get_request("/hello", "Origin: https://a.example\r\n"))
                                    .header("access-control-expose-headers");
    for (const char* field :
         {"X-Request-Id", "X-Next-Cursor", "Link", "Retry-After", "WWW-Authenticate", "Content-Disposition"})
        EXPECT_NE(exposed.find(field), std::string::npos) << field;
}

} // namespace
} // namespace breakwater::test
