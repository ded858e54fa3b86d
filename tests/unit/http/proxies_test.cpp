#include "http/proxies.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

request apply(const std::vector<std::string>& blocks, const std::string& peer, fields headers) {
    request asked;
    asked.client_address = peer;
    asked.headers = std::move(headers);
    EXPECT_FALSE(trusted_proxies::parse(blocks).value().apply(asked).refused());
    return asked;
}

std::string refusal(const std::string& peer, fields headers) {
    request asked;
    asked.client_address = peer;
    asked.headers = std::move(headers);
    const verdict told = trusted_proxies::parse({"10.0.0.0/8"}).value().apply(asked);
    EXPECT_TRUE(!told.refused() || asked.client_address == peer) << "nothing is set then";
    return std::string{told.reason};
}

std::string client(const std::vector<std::string>& blocks, const std::string& peer,
                   const std::string& forwarded) {
    return apply(blocks, peer, {{"x-forwarded-for", forwarded}}).client_address;
}

TEST(trusted_proxies, believe_nobody_else) {
    EXPECT_EQ(client({}, "10.0.0.1", "1.2.3.4"), "10.0.0.1");
    EXPECT_EQ(client({"10.0.0.2"}, "10.0.0.1", "1.2.3.4"), "10.0.0.1");
    EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", "1.2.3.4"), "1.2.3.4");
}

TEST(trusted_proxies, take_the_rightmost_that_no_proxy_of_ours_wrote) {
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2"), "1.2.3.4");
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3");
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", "1.2.3.4, nonsense, 10.0.0.2"), "10.0.0.2");
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", ""), "10.0.0.1");
    const request two = apply({"10.0.0.0/8"}, "10.0.0.1",
                              {{"x-forwarded-for", "6.6.6.6"}, {"x-forwarded-for", "1.2.3.4, 10.0.0.2"}});
    EXPECT_EQ(two.client_address, "1.2.3.4");
    const request above =
        apply({"10.0.0.0/8"}, "10.0.0.1", {{"x-forwarded-for", "1.2.3.4"}, {"x-forwarded-for", "10.0.0.2"}});
    EXPECT_EQ(above.client_address, "1.2.3.4");
}

TEST(trusted_proxies, read_addresses_with_ports_and_of_both_families) {
    EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", "1.2.3.4:5678"), "1.2.3.4");
    EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", "[2001:db8::1]:5678"), "2001:db8::1");
    EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", "2001:DB8:0::1"), "2001:db8::1");
    EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", "::ffff:1.2.3.4"), "1.2.3.4");
    EXPECT_EQ(client({"2001:db8::/33"}, "2001:db8:7fff::1", "1.2.3.4"), "1.2.3.4");
    EXPECT_EQ(client({"2001:db8::/33"}, "2001:db8:8000::1", "1.2.3.4"), "2001:db8:8000::1");
    EXPECT_EQ(client({"192.168.4.0/22"}, "192.168.7.255", "1.2.3.4"), "1.2.3.4");
    EXPECT_EQ(client({"192.168.4.0/22"}, "192.168.8.0", "1.2.3.4"), "192.168.8.0");
    EXPECT_EQ(client({"0.0.0.0/0"}, "9.9.9.9", "1.2.3.4"), "1.2.3.4");
    EXPECT_EQ(client({"0.0.0.0/0"}, "2001:db8::1", "1.2.3.4"), "2001:db8::1");
}

TEST(trusted_proxies, say_whether_it_came_over_tls) {
    EXPECT_TRUE(apply({"10.0.0.1"}, "10.0.0.1", {{"x-forwarded-proto", "https"}}).secure);
    EXPECT_FALSE(apply({"10.0.0.1"}, "10.0.0.1", {{"x-forwarded-proto", "https, http"}}).secure);
    EXPECT_FALSE(apply({"10.0.0.1"}, "10.0.0.2", {{"x-forwarded-proto", "https"}}).secure);
}

// RFC 7239
TEST(trusted_proxies, may_write_forwarded_instead) {
    const auto forwarded = [](const std::string& peer, const std::string& field) {
        const request told = apply({"10.0.0.0/8"}, peer, {{"forwarded", field}});
        return told.client_address + (told.secure ? " https" : "");
    };
    EXPECT_EQ(forwarded("10.0.0.1", "for=1.2.3.4;proto=https"), "1.2.3.4 https");
    EXPECT_EQ(forwarded("10.0.0.1", "for=\"1.2.3.4:5678\""), "1.2.3.4");
    EXPECT_EQ(forwarded("10.0.0.1", "for=\"[2001:db8::1]:5678\""), "2001:db8::1");
    EXPECT_EQ(forwarded("10.0.0.1", "for=6.6.6.6;proto=https, for=1.2.3.4, for=10.0.0.2;proto=http"),
              "1.2.3.4");
    EXPECT_EQ(forwarded("10.0.0.1", "for=6.6.6.6, for=unknown, for=10.0.0.2"), "10.0.0.2");
    EXPECT_EQ(forwarded("10.0.0.1", "for=6.6.6.6, proto=https"), "10.0.0.1 https");
    EXPECT_EQ(forwarded("10.0.0.1", "proto=https, for=1.2.3.4"), "1.2.3.4") << "not the nearest proxy's word";
    EXPECT_EQ(forwarded("11.0.0.1", "for=1.2.3.4;proto=https"), "11.0.0.1")
        << "from others it is nobody's word";
    const request two = apply({"10.0.0.0/8"}, "10.0.0.1",
                              {{"forwarded", "for=6.6.6.6"}, {"forwarded", "for=1.2.3.4, for=10.0.0.2"}});
    EXPECT_EQ(two.client_address, "1.2.3.4");
}

TEST(trusted_proxies, are_not_believed_where_they_contradict_each_other) {
    const std::string clients = "Forwarded and X-Forwarded-For name different clients.";
    const std::string schemes = "Forwarded and X-Forwarded-Proto name different schemes.";
    EXPECT_EQ(refusal("10.0.0.1", {{"x-forwarded-for", "1.2.3.4"}, {"forwarded", "for=1.2.3.4"}}), "");
    EXPECT_EQ(refusal("10.0.0.1", {{"x-forwarded-for", "1.2.3.4"}, {"forwarded", "for=6.6.6.6"}}), clients);
    EXPECT_EQ(refusal("10.0.0.1", {{"forwarded", "for=1.2.3.4"}, {"x-forwarded-for", "6.6.6.6"}}), clients);
    EXPECT_EQ(refusal("10.0.0.1", {{"forwarded", "for=unknown"}, {"x-forwarded-for", "6.6.6.6"}}), clients);
    EXPECT_EQ(refusal("10.0.0.1", {{"forwarded", "proto=http"}, {"x-forwarded-for", "6.6.6.6"}}), "");
    EXPECT_EQ(refusal("10.0.0.1", {{"x-forwarded-proto", "http"}, {"forwarded", "proto=https"}}), schemes);
    EXPECT_EQ(refusal("10.0.0.1", {{"x-forwarded-proto", "https"}, {"forwarded", "PROTO=HTTPS"}}), "");
    EXPECT_EQ(refusal("10.0.0.1", {{"forwarded", "for=\"1.2.3.4"}}), "The Forwarded field is malformed.");
    EXPECT_EQ(refusal("11.0.0.1", {{"x-forwarded-for", "1.2.3.4"}, {"forwarded", "for=\"6.6.6.6"}}), "")
        << "who isn't trusted isn't read";
}

TEST(trusted_proxies, refuse_what_is_no_block) {
    for (const char* bad : {"", "a", "10.0.0", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/8x",
                            "::1/129", "10.0.0.1/8/8"})
        EXPECT_FALSE(trusted_proxies::parse({"::1", bad})) << bad;
    EXPECT_TRUE(trusted_proxies::parse({"::1/128", "10.0.0.0/0"}));
}

} // namespace
} // namespace breakwater::http
