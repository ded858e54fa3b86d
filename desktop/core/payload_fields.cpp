#include "core/payload_fields.hpp"

#include "core/field_path.hpp"

#include <QCoreApplication>
#include <QJsonArray>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

QLocale ungrouped() {
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale;
}

/// `remaining`: how many more values of the outermost array get names; null outside arrays. The recursion is
/// bounded: a payload has at most 32 levels.
void collect(const QJsonValue& value, const QString& name, int* remaining, PayloadFields& fields) {
    const QJsonObject object = value.toObject();
    const QJsonArray array = value.toArray();
    int arrayLimit = maxArrayNames;
    int* elementLimit = remaining == nullptr ? &arrayLimit : remaining;
    for (qsizetype n = 0; n < array.size() && *elementLimit > 0; ++n)
        collect(array[n], elementName(name, static_cast<int>(n)), elementLimit, fields);
    for (auto member = object.begin(); member != object.end(); ++member) {
        const bool isMetadata =
            name.isEmpty() && (member.key() == "__simulated__"_L1 || member.key() == "timestamp"_L1 ||
                               member.key() == "category"_L1);
        if (!isMetadata)
            collect(member.value(), memberName(name, member.key()), remaining, fields);
    }
    if (!object.isEmpty() || !array.isEmpty())
        return;
    if (!value.isObject() && !value.isArray() && (remaining == nullptr || *remaining > 0))
        fields.emplace_back(name, value);
    if (remaining != nullptr)
        --*remaining;
}

} // namespace

PayloadFields fieldsOf(const QJsonObject& payload) {
    PayloadFields fields;
    collect(payload, {}, nullptr, fields);
    return fields;
}

QString valueText(const QJsonValue& value) {
    switch (value.type()) {
    case QJsonValue::Double:
        return ungrouped().toString(value.toDouble(), 'g', QLocale::FloatingPointShortest);
    case QJsonValue::Bool:
        return value.toBool() ? QCoreApplication::translate("names", "yes")
                              : QCoreApplication::translate("names", "no");
    case QJsonValue::String: return value.toString();
    default: return {};
    }
}

QString measuredText(double value) {
    constexpr int minSignificant = 6;
    constexpr int minDecimals = 3;
    constexpr double maxExact = 1e15; // below this, a double represents every integer
    const double magnitude = std::abs(value);
    if (magnitude < maxExact && value == std::trunc(value))
        return ungrouped().toString(value, 'f', 0);
    if (magnitude >= maxExact)
        return ungrouped().toString(value, 'g', std::numeric_limits<double>::digits10);
    const int integerDigits = magnitude < 1 ? 0 : static_cast<int>(std::floor(std::log10(magnitude))) + 1;
    return ungrouped().toString(value, 'g', std::max(minSignificant, integerDigits + minDecimals));
}

double chartValue(const QJsonValue& value) {
    if (value.isBool())
        return value.toBool() ? 1 : 0;
    return value.toDouble(std::numeric_limits<double>::quiet_NaN());
}

} // namespace breakwater::desktop
