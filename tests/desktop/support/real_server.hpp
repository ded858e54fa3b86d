#pragma once

#include "core/api.hpp"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <optional>

namespace breakwater::desktop::test {

inline const QString adminEmail = QStringLiteral("admin@example.com");
inline const QString adminPassword = QStringLiteral("Admin123!");

/// Runs `breakwater serve` in a temporary folder on a free local port. Stops with the destructor.
class RealServer {
public:
    /// `variables`: environment variables. The defaults are cheap hashes and no simulated devices.
    explicit RealServer(const QHash<QString, QString>& variables = {});
    ~RealServer();

    [[nodiscard]] QUrl address() const;
    /// Sends SIGKILL and waits for the exit.
    void kill();
    /// Starts the server again, with the same folder and port.
    void start();

private:
    QTemporaryDir m_folder;
    QHash<QString, QString> m_variables;
    QProcess m_process;
    quint16 m_port = 0;
};

/// Starts an asynchronous call and waits up to 20 seconds for its result.
template <class T, class Call>
Answer<T> await(Call call) {
    auto result = std::make_shared<std::optional<Answer<T>>>();
    call([result](Answer<T> answer) { *result = std::move(answer); });
    if (!QTest::qWaitFor([&] { return result->has_value(); }, 20'000))
        return std::unexpected(ApiError{.detail = QStringLiteral("timeout in the test")});
    return std::move(**result);
}

/// A user with a session of their own, besides the client under test.
class Person {
public:
    /// Signs in. Registers the account first if `registerFirst` is true.
    Person(const QUrl& server, const QString& email, const QString& password, bool registerFirst = false);

    [[nodiscard]] Session& session() { return m_session; }
    [[nodiscard]] const Api& api() const { return m_api; }

    DeviceCredentials makeDevice(const QString& name,
                                 const QString& category = QStringLiteral("weather_station"));
    /// Uploads a reading as the device. Returns the HTTP status.
    int upload(const DeviceCredentials& device, const QJsonObject& payload);
    /// Uploads late readings with POST /device/readings/batch. Returns the HTTP status.
    int uploadLate(const DeviceCredentials& device, const QJsonArray& readings);

    QObject context;

private:
    Answer<Response> send(const DeviceCredentials& device, const QString& path, const QJsonValue& body);

    NoVault m_vault;
    Session m_session{m_vault};
    Api m_api{m_session};
};

} // namespace breakwater::desktop::test
