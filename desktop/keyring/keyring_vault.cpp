#include "keyring/keyring_vault.hpp"

#include <qt6keychain/keychain.h>

namespace breakwater::desktop {

namespace {

const QString service = QStringLiteral("breakwater-desktop");

} // namespace

void KeyringVault::load(const QString& account, QObject* context, std::function<void(QString)> done) {
    auto* job = new QKeychain::ReadPasswordJob{service, this};
    job->setKey(account);
    connect(job, &QKeychain::Job::finished, context, [job, done = std::move(done)](QKeychain::Job*) {
        done(job->error() == QKeychain::NoError ? job->textData() : QString{});
    });
    job->start();
}

void KeyringVault::store(const QString& account, const QString& token) {
    auto* job = new QKeychain::WritePasswordJob{service, this};
    job->setInsecureFallback(false);
    job->setKey(account);
    job->setTextData(token);
    connect(job, &QKeychain::Job::finished, this, [this](const QKeychain::Job* finishedJob) {
        Q_EMIT availabilityKnown(finishedJob->error() == QKeychain::NoError);
    });
    job->start();
}

void KeyringVault::remove(const QString& account) {
    auto* job = new QKeychain::DeletePasswordJob{service, this};
    job->setKey(account);
    job->start();
}

} // namespace breakwater::desktop
