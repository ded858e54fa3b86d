#include "core/payload_fields.hpp"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int deepest = 8;

QLocale ungrouped() {
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale;
}

void collect(const QJsonObject& from, const QString& way, int depth, PayloadFields& into) {
    for (auto each = from.begin(); each != from.end(); ++each) {
        const bool about = way.isEmpty() && (each.key() == "__simulated__"_L1 ||
                                             each.key() == "timestamp"_L1 || each.key() == "category"_L1);
        if (about || each->isArray())
            continue;
        const QString name = way.isEmpty() ? each.key() : way + u'.' + each.key();
        if (!each->isObject())
            into.emplace_back(name, each.value());
        else if (depth < deepest)
            collect(each->toObject(), name, depth + 1, into);
    }
}

} // namespace

PayloadFields fieldsOf(const QJsonObject& payload) {
    PayloadFields fields;
    collect(payload, {}, 0, fields);
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
    constexpr int significant = 6;
    constexpr int decimals = 3;
    constexpr double largest = 1e15; // up to which a double has every whole number
    const double size = std::abs(value);
    if (size < largest && value == std::trunc(value))
        return ungrouped().toString(value, 'f', 0);
    if (size >= largest)
        return ungrouped().toString(value, 'g', std::numeric_limits<double>::digits10);
    const int before = size < 1 ? 0 : static_cast<int>(std::floor(std::log10(size))) + 1;
    return ungrouped().toString(value, 'g', std::max(significant, before + decimals));
}

double drawable(const QJsonValue& value) {
    if (value.isBool())
        return value.toBool() ? 1 : 0;
    return value.toDouble(std::numeric_limits<double>::quiet_NaN());
}

} // namespace breakwater::desktop
