// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"
#include "support/shared.hpp"
#include "support/tls.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected from_client(const Octets& stream) {
  return dissect(Protocol::postgresql, ip_packet(50000, 5432), stream);
}
Dissected from_server(const Octets& stream) {
  return dissect(Protocol::postgresql, ip_packet(5432, 50000), stream);
}
Octets be32(size_t value) {
  return {0, 0, static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}
Octets message(char type, const Octets& body) {
  return Octets{static_cast<uint8_t>(type)} + be32(body.size() + 4) + body;
}
Octets strings(std::initializer_list<std::string_view> all) {
  Octets joined;
  for (std::string_view one : all) joined = joined + text(one) + Octets(1);
  return joined;
}
Octets parameter(std::string_view name, std::string_view value) {
  return message('S', strings({name, value}));
}
const Octets granted = message('R', be32(0));
const Octets tls_request = hex("00000008 04d2162f");

}  // namespace

TEST_CASE("PostgreSQL: the version that a server reports") {
  Octets session = granted + parameter("application_name", "psql") +
                   parameter("server_version", "13.4 (Debian 13.4-4)") + message('K', Octets(8)) +
                   message('Z', text("I"));
  Dissected result = from_server(session);
  CHECK(result.said.size() == 1);
  CHECK(result.one(Field::banner) == "13.4 (Debian 13.4-4)");
  CHECK_FALSE(result.malformed);
  CHECK_FALSE(result.wants_more);
  // Also where protection was asked for and refused first, in one octet.
  CHECK(from_server(text("N") + session).one(Field::banner) == "13.4 (Debian 13.4-4)");
  CHECK(from_server(text("N")).wants_more);
  CHECK(from_server(granted + message('Z', text("I"))).said.empty());
  CHECK_FALSE(from_server(granted + message('Z', text("I"))).wants_more);
}

TEST_CASE("PostgreSQL: where an error comes from, without the names in it") {
  Octets parts = strings({"SFATAL", "C28P01", "Mpassword authentication failed for user \"bob\"",
                          "Fauth.c", "L326", "Rauth_failed"}) +
                 Octets(1);
  Dissected result = from_server(message('R', be32(3)) + message('E', parts));
  CHECK(result.said.size() == 1);
  CHECK(result.one(Field::message) == "28P01 auth.c:326 auth_failed");
  CHECK_FALSE(result.malformed);
  CHECK(from_server(message('E', strings({"C3D000"}) + Octets(1))).one(Field::message) == "3D000");
  CHECK(from_server(message('E', strings({"Mno code"}) + Octets(1))).malformed);
  CHECK(from_server(message('E', text("C28P01"))).malformed);
}

TEST_CASE("PostgreSQL: TLS behind the request for it") {
  Dissected client = from_client(tls_request + tls_client_hello());
  CHECK(client.inner == Protocol::tls);
  CHECK(client.one(Field::server_name) == "a.example");
  CHECK(from_client(tls_request).wants_more);
  CHECK(from_client(hex("00000008 04d21630") + tls_request + tls_client_hello()).inner ==
        Protocol::tls);
  Dissected server = from_server(text("S") + tls_server_hello());
  CHECK(server.inner == Protocol::tls);
  CHECK(server.one(Field::certificate_subject) == "CN=x");
  CHECK_FALSE(server.malformed);
}

TEST_CASE("PostgreSQL: the program that a client says it is") {
  Octets body = hex("00030000") +
                strings({"user", "bob", "application_name", "DMSS", "database", "cameras", ""});
  Octets login = be32(body.size() + 4) + body;
  Dissected result = from_client(login);
  CHECK(result.said.size() == 1);
  CHECK(result.one(Field::user_agent) == "DMSS");
  CHECK(from_client(tls_request + login).one(Field::user_agent) == "DMSS");
  CHECK(from_client(hex("0000000d 00030000") + text("user") + Octets(1)).malformed);
}

TEST_CASE("PostgreSQL refuses what is not what it claims") {
  CHECK(from_server(hex("53 00000003 00")).malformed);
  CHECK(from_server(hex("52 0fffffff 00")).malformed);
  CHECK(from_server(hex("01 00000008 00000000")).malformed);
  CHECK(from_server(parameter("server_version", "x") + text("y")).one(Field::banner) == "x");
  CHECK(from_server(message('S', text("no end"))).malformed);
  CHECK(from_client(hex("00000004 00030000")).malformed);
  CHECK(from_client(hex("00000010 04d2162e 00000001 00000002")).said.empty());  // a cancellation
  Octets notices;
  for (int i = 0; i < 100; ++i) notices = notices + message('N', {});
  CHECK(from_server(notices + parameter("server_version", "x")).said.empty());
}

TEST_CASE("PostgreSQL cut anywhere") {
  every_prefix(Protocol::postgresql, ip_packet(5432, 50000),
               text("N") + granted + parameter("server_version", "13.4"));
  every_prefix(Protocol::postgresql, ip_packet(5432, 50000), text("S") + tls_server_hello());
  every_prefix(Protocol::postgresql, ip_packet(50000, 5432), tls_request + tls_client_hello());
}
