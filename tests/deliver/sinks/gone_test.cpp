// SPDX-License-Identifier: Apache-2.0
// Every sink keeps the promise of sink.hpp: one that is destroyed calls nothing any more, wherever
// its delivery stands.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <functional>

#include "deliver/sinks/journal.hpp"
#include "deliver/sinks/mail.hpp"
#include "deliver/sinks/syslog.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using std::chrono::milliseconds;

namespace {

using Factory = std::function<std::unique_ptr<Sink>(boost::asio::any_io_executor)>;

/// Gives it so long, destroys it and runs the loop to its end, which must come soon.
void destroy_after(milliseconds time, const Factory& factory) {
  CAPTURE(time.count());
  boost::asio::io_context loop;
  bool is_called = false;
  std::vector<Message> batch(3);
  auto sink = factory(loop.get_executor());
  sink->deliver(batch, [&](auto) { is_called = true; });
  CHECK_FALSE(is_called);
  if (time.count() != 0) loop.run_for(time);
  CHECK_FALSE(is_called);
  sink.reset();
  auto begun = std::chrono::steady_clock::now();
  loop.restart();
  loop.run_for(std::chrono::seconds(5));
  CHECK(loop.stopped());
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(4));
  CHECK_FALSE(is_called);
}

}  // namespace

TEST_CASE("syslog_sink: one that is destroyed calls nothing any more", "[deliver]") {
  boost::asio::io_context silent;
  boost::asio::ip::tcp::acceptor acceptor(
      silent, {boost::asio::ip::address_v4::loopback(), 0});  // connects, and never answers
  boost::asio::ip::udp::socket datagrams(silent, {boost::asio::ip::address_v4::loopback(), 0});
  for (auto transport : {SyslogTransport::udp, SyslogTransport::tcp, SyslogTransport::tls}) {
    SyslogSettings settings;
    settings.transport = transport;
    settings.host = "127.0.0.1";
    settings.port = acceptor.local_endpoint().port();
    bool is_udp = transport == SyslogTransport::udp;
    if (is_udp) settings.port = datagrams.local_endpoint().port();
    auto factory = [&](auto loop) { return syslog_sink(loop, settings); };
    destroy_after(milliseconds(0), factory);
    destroy_after(milliseconds(is_udp ? 10 : 100), factory);
  }
}

TEST_CASE("journal_sink: one that is destroyed calls nothing any more", "[deliver]") {
  Directory directory;
  JournalSettings settings;
  settings.socket = directory.path() / "socket";
  int silent = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  settings.socket.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(silent, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  for (int i = 0;
       i < 100000 && ::sendto(silent, "x", 1, MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&address),
                              sizeof address) == 1;
       ++i) {
  }
  auto factory = [&](auto loop) { return journal_sink(loop, settings); };
  destroy_after(milliseconds(0), factory);
  destroy_after(milliseconds(50), factory);
  ::close(silent);
}

TEST_CASE("mail_sink: one that is destroyed calls nothing any more and ends its program",
          "[deliver]") {
  Directory directory;
  MailSettings settings;
  settings.program = directory.write("sendmail", "#!/bin/sh\nexec sleep 60\n");
  settings.sender = "a@b.example";
  settings.recipients = {"c@d.example"};
  REQUIRE(::chmod(settings.program.c_str(), 0755) == 0);
  auto factory = [&](auto loop) { return mail_sink(loop, settings); };
  destroy_after(milliseconds(0), factory);
  destroy_after(milliseconds(300), factory);
}
