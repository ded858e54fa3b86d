#include "core/access_token.hpp"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

TokenClaims claimsOf(const QString& token) {
    const QStringList parts = token.split(u'.');
    if (parts.size() != 3)
        return {};
    const QByteArray text = QByteArray::fromBase64(parts[1].toLatin1(), QByteArray::Base64UrlEncoding);
    const QJsonObject claims = QJsonDocument::fromJson(text).object();
    return {.userId = claims.value("sub"_L1).toVariant().toLongLong(),
            .administrator = claims.value("role"_L1).toString() == "admin"_L1};
}

} // namespace breakwater::desktop
