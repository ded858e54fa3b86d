#include "http/proxies.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

request apply(const std::vector<std::string>& blocks, const std::string& peer, fields headers) {
    request request;
    request.client_address = peer;
    request.headers = std::move(headers);
    EXPECT_FALSE(trusted_proxies::parse(blocks).value().apply(request).refused());
    return request;
}

std::string refusal(const std::string& peer, fields headers) {
    request request;
    request.client_address = peer;
    request.headers = std::move(headers);
    const verdict outcome = trusted_proxies::parse({"10.0.0.0/8"}).value().apply(request);
    EXPECT_TRUE(!outcome.refused() || request.client_address == peer) << "a refusal changes nothing";
    return std::string{outcome.reason};
}

std::string client(const std::vector<std::string>& blocks, const std::string& peer,
                   const std::string& forwarded) {
    return apply(blocks, peer, {{"x-forwarded-for", forwarded}}).client_address;
}

TEST(trusted_proxies, ignore_fields_of_other_peers) {
    EXPECT_EQ(client({}, "10.0.0.1", "1.2.3.4"), "10.0.0.1");
    EXPECT_EQ(client({"10.0.0.2"}, "10.0.0.1", "1.2.3.4"), "10.0.0.1");
    EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", "1.2.3.4"), "1.2.3.4");
}

TEST(trusted_proxies, use_the_rightmost_untrusted_address) {
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2"), "1.2.3.4");
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3");
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", "1.2.3.4, nonsense, 10.0.0.2"), "10.0.0.2");
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", ""), "10.0.0.1");
    const request two_fields =
        apply({"10.0.0.0/8"}, "10.0.0.1",
              {{"x-forwarded-for", "6.6.6.6"}, {"x-forwarded-for", "1.2.3.4, 10.0.0.2"}});
    EXPECT_EQ(two_fields.client_address, "1.2.3.4");
    const request second_field =
        apply({"10.0.0.0/8"}, "10.0.0.1", {{"x-forwarded-for", "1.2.3.4"}, {"x-forwarded-for", "10.0.0.2"}});
    EXPECT_EQ(second_field.client_address, "1.2.3.4");
}

TEST(trusted_proxies, accept_ports_and_both_address_families) {
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

TEST(trusted_proxies, report_tls) {
    EXPECT_TRUE(apply({"10.0.0.1"}, "10.0.0.1", {{"x-forwarded-proto", "https"}}).secure);
    EXPECT_FALSE(apply({"10.0.0.1"}, "10.0.0.1", {{"x-forwarded-proto", "https, http"}}).secure);
    EXPECT_FALSE(apply({"10.0.0.1"}, "10.0.0.2", {{"x-forwarded-proto", "https"}}).secure);
}

// RFC 7239
TEST(trusted_proxies, may_use_forwarded_instead) {
    const auto forwarded = [](const std::string& peer, const std::string& field) {
        const request request = apply({"10.0.0.0/8"}, peer, {{"forwarded", field}});
        return request.client_address + (request.secure ? " https" : "");
    };
    EXPECT_EQ(forwarded("10.0.0.1", "for=1.2.3.4;proto=https"), "1.2.3.4 https");
    EXPECT_EQ(forwarded("10.0.0.1", "for=\"1.2.3.4:5678\""), "1.2.3.4");
    EXPECT_EQ(forwarded("10.0.0.1", "for=\"[2001:db8::1]:5678\""), "2001:db8::1");
    EXPECT_EQ(forwarded("10.0.0.1", "for=6.6.6.6;proto=https, for=1.2.3.4, for=10.0.0.2;proto=http"),
              "1.2.3.4");
    EXPECT_EQ(forwarded("10.0.0.1", "for=6.6.6.6, for=unknown, for=10.0.0.2"), "10.0.0.2");
    EXPECT_EQ(forwarded("10.0.0.1", "for=6.6.6.6, proto=https"), "10.0.0.1 https");
    EXPECT_EQ(forwarded("10.0.0.1", "proto=https, for=1.2.3.4"), "1.2.3.4") << "not from the nearest proxy";
    EXPECT_EQ(forwarded("11.0.0.1", "for=1.2.3.4;proto=https"), "11.0.0.1") << "the peer is not trusted";
    const request two_fields =
        apply({"10.0.0.0/8"}, "10.0.0.1",
              {{"forwarded", "for=6.6.6.6"}, {"forwarded", "for=1.2.3.4, for=10.0.0.2"}});
    EXPECT_EQ(two_fields.client_address, "1.2.3.4");
}

TEST(trusted_proxies, are_refused_if_they_contradict_each_other) {
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
        << "the fields of an untrusted peer are ignored";
}

TEST(trusted_proxies, refuse_invalid_blocks) {
    for (const char* invalid : {"", "a", "10.0.0", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/8x",
                                "::1/129", "10.0.0.1/8/8"})
        EXPECT_FALSE(trusted_proxies::parse({"::1", invalid})) << invalid;
    EXPECT_TRUE(trusted_proxies::parse({"::1/128", "10.0.0.0/0"}));
}

} // namespace
} // namespace breakwater::http
