// SPDX-License-Identifier: Apache-2.0
// What sinks say of files that they cannot use at SIGHUP: a certificate, its key, a token.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <memory>

#include "deliver/sinks/http.hpp"
#include "deliver/sinks/syslog.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
namespace fs = std::filesystem;

namespace {

/// A key and a certificate that it has signed for itself.
void write_certificate(const fs::path& certificate, const fs::path& key) {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> made(EVP_EC_gen("P-256"), EVP_PKEY_free);
  std::unique_ptr<X509, decltype(&X509_free)> signed_one(X509_new(), X509_free);
  X509_gmtime_adj(X509_getm_notBefore(signed_one.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(signed_one.get()), 3600);
  REQUIRE(X509_set_pubkey(signed_one.get(), made.get()) == 1);
  REQUIRE(X509_sign(signed_one.get(), made.get(), EVP_sha256()) > 0);
  auto write = [](const fs::path& path, auto put) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    REQUIRE(file);
    int result = put(file);
    std::fclose(file);
    REQUIRE(result == 1);
  };
  write(certificate, [&](std::FILE* file) { return PEM_write_X509(file, signed_one.get()); });
  write(key, [&](std::FILE* file) {
    return PEM_write_PrivateKey(file, made.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

/// A certificate "mine.pem" with the key "mine.key", that authorities believe.
struct Held {
  Held() { renew(); }
  void renew() const { write_certificate(tls.certificate, tls.key); }
  /// What is said of each file once it is garbage, and nothing once all is well again.
  void check(Sink& sink) const {
    CHECK(sink.reopen().empty());
    for (const fs::path& file : {tls.certificate, tls.key}) {
      directory.write(file.filename().string(), "garbage");
      CHECK(sink.reopen().starts_with(file.string() + ": "));
      renew();
      CHECK(sink.reopen().empty());
    }
    write_certificate(tls.certificate, directory.path() / "other.key");  // of another key
    CHECK(sink.reopen().starts_with(tls.key.string() + ": "));
    renew();
    CHECK(sink.reopen().empty());
  }

  Directory directory;
  TlsSettings tls{{}, directory.path() / "mine.pem", directory.path() / "mine.key", {}};
};

}  // namespace

TEST_CASE("syslog_sink: certificates that cannot be used at SIGHUP are told", "[deliver]") {
  boost::asio::io_context loop;
  Held held;
  SyslogSettings settings;
  settings.transport = SyslogTransport::tls;
  settings.host = "127.0.0.1";
  settings.tls = held.tls;
  held.check(*syslog_sink(loop.get_executor(), settings));
}

TEST_CASE("http_sink: certificates and tokens that cannot be used at SIGHUP are told",
          "[deliver]") {
  boost::asio::io_context loop;
  Held held;
  HttpSettings settings;
  settings.url = "https://127.0.0.1/";
  settings.tls = held.tls;
  settings.authentication.token.file = held.directory.write("token", "secret\n");
  auto sink = http_sink(loop.get_executor(), settings);
  held.check(*sink);
  fs::remove(held.directory.path() / "token");
  CHECK(sink->reopen().find("token") != std::string::npos);
  held.directory.write("token", "secret\n");
  CHECK(sink->reopen().empty());
}
