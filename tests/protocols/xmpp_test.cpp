// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"
#include "support/tls.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected from_client(const Octets& stream) {
  return dissect(Protocol::xmpp, ip_packet(50000, 5222), stream);
}
Dissected from_server(const Octets& stream) {
  return dissect(Protocol::xmpp, ip_packet(5222, 50000), stream);
}
const Octets server_stream = text(
    "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
    "id='3c2f' from='chat.example' version='1.0'>"
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>");
const Octets proceed = text("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
const Octets client_stream = text(
    "<stream:stream to=\"chat.example\" xmlns=\"jabber:client\" version=\"1.0\">"
    "<starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>");

}  // namespace

TEST_CASE("XMPP: the domain of a server, and TLS behind STARTTLS") {
  Dissected server = from_server(server_stream + proceed + tls_server_hello());
  CHECK(server.one(Field::domain) == "chat.example");
  CHECK(server.one(Field::certificate_subject) == "CN=x");
  CHECK_FALSE(server.malformed);
  CHECK(from_server(server_stream).wants_more);
  CHECK(from_server(server_stream + proceed).wants_more);
  CHECK(from_server(server_stream + text("<proceed></proceed>") + tls_server_hello()).inner ==
        Protocol::tls);
  Dissected client = from_client(client_stream + tls_client_hello());
  CHECK(client.one(Field::server_name) == "a.example");
  CHECK(client.one(Field::domain).empty());
  CHECK(from_client(client_stream).wants_more);
}

TEST_CASE("XMPP: a session that stays clear, and what is none") {
  Dissected clear = from_server(server_stream + text("<success xmlns='x'/>"));
  CHECK(clear.one(Field::domain) == "chat.example");
  CHECK_FALSE(clear.wants_more);
  for (std::string_view other :
       {"SSH-2.0-x\r\n", "<html><body>nothing of the kind</body></html>"}) {
    CHECK(from_server(text(other)).said.empty());
    CHECK_FALSE(from_server(text(other)).malformed);
  }
  CHECK(from_server(text("<stream:stream " + std::string(5000, 'x'))).malformed);
  CHECK(from_server(text("<stream:stream from='a>")).said.empty());
  CHECK(from_server(text("<stream:stream xfrom='a' from=b>")).said.empty());
}

TEST_CASE("XMPP cut anywhere") {
  every_prefix(Protocol::xmpp, ip_packet(5222, 50000),
               server_stream + proceed + tls_server_hello());
  every_prefix(Protocol::xmpp, ip_packet(50000, 5222), client_stream + tls_client_hello());
}
