#include "support/real_server.hpp"

#include <QJsonDocument>
#include <QRegularExpression>

#include <csignal>

#include <sys/prctl.h>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

RealServer::RealServer(const QHash<QString, QString>& variables) : m_variables{variables} {
    start();
}

RealServer::~RealServer() {
    kill();
}

QUrl RealServer::address() const {
    return QUrl{u"http://127.0.0.1:%1"_s.arg(m_port)};
}

void RealServer::start() {
    QProcessEnvironment environment;
    environment.insert(u"PATH"_s, qEnvironmentVariable("PATH"));
    environment.insert(u"ENVIRONMENT"_s, u"local"_s);
    environment.insert(u"HOST"_s, u"127.0.0.1"_s);
    environment.insert(u"PORT"_s, QString::number(m_port));
    environment.insert(u"DATABASE_URL"_s, u"sqlite:///"_s + m_folder.filePath(u"iot.db"_s));
    environment.insert(u"BCRYPT_COST"_s, u"4"_s);
    environment.insert(u"TELEMETRY_SIMULATION_ENABLED"_s, u"false"_s);
    for (auto variable = m_variables.constBegin(); variable != m_variables.constEnd(); ++variable)
        environment.insert(variable.key(), variable.value());
    m_process.setProcessEnvironment(environment);
    m_process.setWorkingDirectory(m_folder.path());
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    // Stops the server if the test crashes.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    const QByteArray binary = qgetenv("BREAKWATER_SERVER");
    m_process.start(binary.isEmpty() ? QStringLiteral(BREAKWATER_BINARY) : QString::fromUtf8(binary),
                    {u"serve"_s});

    static const QRegularExpression listening{u"breakwater is listening on http://[^ \\n]*:([0-9]+)"_s};
    QString output;
    const bool isDone = QTest::qWaitFor(
        [&] {
            output += QString::fromUtf8(m_process.readAll());
            return listening.match(output).hasMatch() || m_process.state() == QProcess::NotRunning;
        },
        30'000);
    const auto match = listening.match(output);
    if (!isDone || !match.hasMatch())
        qFatal("the server did not start; its output:\n%s", qPrintable(output));
    m_port = static_cast<quint16>(match.captured(1).toUInt());
}

void RealServer::kill() {
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

Person::Person(const QUrl& server, const QString& email, const QString& password, bool registerFirst) {
    m_session.setServer(server);
    const auto answer = await<void>([&](Done<void> done) {
        if (registerFirst)
            m_session.registerAccount(email, password, false, &context, done);
        else
            m_session.signIn(email, password, false, &context, done);
    });
    if (!answer)
        qFatal("%s could not sign in: %s", qPrintable(email), qPrintable(answer.error().detail));
}

DeviceCredentials Person::makeDevice(const QString& name, const QString& category) {
    const auto credentials =
        await<DeviceCredentials>([&](auto done) { m_api.createDevice(name, category, &context, done); });
    if (!credentials)
        qFatal("creating the device failed: %s", qPrintable(credentials.error().detail));
    return *credentials;
}

int Person::upload(const DeviceCredentials& device, const QJsonObject& payload) {
    const auto response = send(device, u"/device/readings"_s, QJsonObject{{"payload"_L1, payload}});
    return response ? 201 : response.error().status;
}

int Person::uploadLate(const DeviceCredentials& device, const QJsonArray& readings) {
    const auto response = send(device, u"/device/readings/batch"_s, readings);
    return response ? 200 : response.error().status;
}

Answer<Response> Person::send(const DeviceCredentials& device, const QString& path, const QJsonValue& body) {
    const Request tokenRequest{
        .method = "POST",
        .path = u"/device/token"_s,
        .body = QJsonObject{{"device_id"_L1, device.deviceId}, {"device_secret"_L1, device.deviceSecret}}};
    const auto tokenResponse =
        await<Response>([&](auto done) { m_session.client().send(tokenRequest, {}, &context, done); });
    if (!tokenResponse)
        return std::unexpected(tokenResponse.error());
    const QString token =
        QJsonDocument::fromJson(tokenResponse->body).object().value("access_token"_L1).toString();
    const Request upload{.method = "POST", .path = path, .body = body};
    return await<Response>([&](auto done) { m_session.client().send(upload, token, &context, done); });
}

} // namespace breakwater::desktop::test
