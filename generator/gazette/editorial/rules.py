"""The table of notice rules: who must be told how long before a change applies, and where that is written.

Each row cites its law or practice and says how sure we are of it. The rows are facts to start from, not advice. What
they mean for a version's dates is worked out in `clock`.

A lead time is counted from the day of publication, which itself is not counted: 15 days after 1 March is 16 March, and
15 full days are over on 17 March.
"before" is read as one day, because dates carry no hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gazette.editorial.duration import Duration, days, full_days, months
from gazette.policy.model import Change


class Certainty(StrEnum):
    """How the row was established."""

    READ = "text read"
    SECONDARY = "secondary source"
    UNVERIFIED = "not verified"


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty or practice.

    `lead` gives the notice for each kind of change that has one; a kind that is absent is exempt. `review` is how often
    the text has to be gone through. After `expires` a row only warns: it has to be confirmed first.
    """

    id: str
    title: str
    source: str
    scope: str
    duty: str
    certainty: Certainty
    lead: Mapping[Change, Duration] = field(default_factory=dict)
    review: Duration | None = None
    exempts: str = ""
    expires: date | None = None
    note: str = ""


def _material(lead: Duration) -> Mapping[Change, Duration]:
    return {Change.MATERIAL: lead}


def _material_and_minor(lead: Duration) -> Mapping[Change, Duration]:
    return {Change.MATERIAL: lead, Change.MINOR: lead}


RULES: tuple[Rule, ...] = (
    Rule(
        id="p2b",
        title="EU platform-to-business",
        source="Regulation (EU) 2019/1150, Art. 3(2)",
        scope="online platforms and search engines, towards business users in the EU",
        duty="tell each business user on a durable medium; longer where they have to adapt their goods or services",
        certainty=Certainty.READ,
        lead=_material_and_minor(full_days(15)),
        exempts="editorial changes that alter neither content nor meaning (recital 18)",
        expires=date(2027, 12, 31),
        note="The period has to expire, so its last day counts in full (Regulation 1182/71, Art. 3). Where it ends on "
        "a weekend or a holiday, that article prolongs it to the next working day, which is not counted here. The "
        "repeal of the P2B regulation has been proposed (Digital Omnibus): the row has to be confirmed then.",
    ),
    Rule(
        id="psd2",
        title="EU payment services",
        source="Directive (EU) 2015/2366 (PSD2), Art. 54",
        scope="payment service providers, towards users under a framework contract",
        duty="propose the change; the user may accept or reject it, and may end the contract free of charge",
        certainty=Certainty.READ,
        lead=_material_and_minor(months(2)),
        exempts="editorial changes",
    ),
    Rule(
        id="eecc",
        title="EU electronic communications",
        source="Directive (EU) 2018/1972, Art. 105(4); in France Code de la consommation L224-33",
        scope="providers of electronic communications services, towards end-users",
        duty="tell on a durable medium, with the right to leave without cost",
        certainty=Certainty.UNVERIFIED,
        lead=_material_and_minor(months(1)),
        exempts="editorial changes",
        note="The French transposition was read; the directive itself was not.",
    ),
    Rule(
        id="gdpr-purpose",
        title="GDPR: a new purpose",
        source="Regulation (EU) 2016/679, Art. 13(3) and 14(4)",
        scope="controllers, towards the people whose data they process",
        duty="inform before data is used for a purpose other than the one it was collected for",
        certainty=Certainty.SECONDARY,
        lead=_material(days(1)),
        exempts="changes without a new purpose",
    ),
    Rule(
        id="wp260",
        title="GDPR: transparency guidelines",
        source="Article 29 Working Party, WP260 rev.01",
        scope="controllers, towards the people whose data they process",
        duty="tell of a fundamental change well in advance; no number is given",
        certainty=Certainty.SECONDARY,
    ),
    Rule(
        id="gdpr-processors",
        title="GDPR: sub-processors",
        source="Regulation (EU) 2016/679, Art. 28(2)",
        scope="processors under a general authorisation, towards the controller",
        duty="inform of an intended addition or replacement in time to object; contracts usually say 10 to 30 days",
        certainty=Certainty.SECONDARY,
        note="The law gives no number: write the one of your contract as `material: N days`.",
    ),
    Rule(
        id="dsa",
        title="EU Digital Services Act: terms",
        source="Regulation (EU) 2022/2065, Art. 14",
        scope="providers of intermediary services in the EU",
        duty="inform of any significant change; terms in a machine-readable format",
        certainty=Certainty.READ,
    ),
    Rule(
        id="digital-content",
        title="EU digital content",
        source="Directive (EU) 2019/770, Art. 19",
        scope="suppliers of digital content and services, towards consumers",
        duty="inform reasonably in advance; the consumer may leave within 30 days if the change is to their detriment",
        certainty=Certainty.UNVERIFIED,
    ),
    Rule(
        id="lgpd",
        title="Brazil: a changed purpose",
        source="Lei 13.709/2018 (LGPD), Art. 9, §2",
        scope="controllers who rely on consent, towards the people whose data they process",
        duty="inform before the purpose changes; consent may be withdrawn",
        certainty=Certainty.SECONDARY,
        lead=_material(days(1)),
        exempts="changes without a changed purpose",
    ),
    Rule(
        id="ccpa",
        title="California: privacy policy review",
        source="Cal. Civ. Code 1798.130(a)(5)",
        scope="businesses under the CCPA",
        duty="bring the privacy policy up to date at least once every 12 months",
        certainty=Certainty.SECONDARY,
        review=months(12),
    ),
    Rule(
        id="caloppa",
        title="California: online privacy",
        source="Cal. Bus. & Prof. Code 22575",
        scope="operators of online services that collect data of Californian consumers",
        duty="state the effective date, and how people are told of material changes",
        certainty=Certainty.SECONDARY,
    ),
    Rule(
        id="ftc",
        title="US: retroactive changes",
        source="FTC Act, Section 5 (Gateway Learning, 2004; guidance of 2024)",
        scope="businesses towards US consumers",
        duty="express consent before a material change is applied to data that was collected earlier",
        certainty=Certainty.SECONDARY,
        note="A notice alone does not suffice.",
    ),
    Rule(
        id="coppa",
        title="US: children",
        source="16 CFR 312.5(a)(1) (COPPA)",
        scope="operators of services directed at children under 13",
        duty="new parental consent before a material change of what was agreed to",
        certainty=Certainty.READ,
        note="A notice alone does not suffice.",
    ),
    Rule(
        id="google-api",
        title="Google API Services",
        source="Google API Services User Data Policy",
        scope="applications that use Google's user data",
        duty="update the policy and prompt the user before another type of data is accessed",
        certainty=Certainty.READ,
        lead=_material(days(1)),
        exempts="changes without a new type of data",
    ),
    Rule(
        id="china",
        title="China: platforms",
        source="E-Commerce Law, Art. 34",
        scope="e-commerce platforms in China",
        duty="announce a change of the rules in a prominent place",
        certainty=Certainty.SECONDARY,
        lead=_material_and_minor(days(7)),
        exempts="editorial changes",
    ),
    Rule(
        id="korea",
        title="Korea: terms of service",
        source="practice under the standard terms of the Korea Fair Trade Commission",
        scope="online services, towards consumers in Korea",
        duty="announce a change; longer where it is to the user's disadvantage",
        certainty=Certainty.UNVERIFIED,
        lead={Change.MATERIAL: days(30), Change.MINOR: days(7)},
        exempts="editorial changes",
    ),
    Rule(
        id="japan",
        title="Japan: standard terms",
        source="Civil Code, Art. 548-4",
        scope="those who prepare standard terms",
        duty="publish the change and the day from which it applies, in advance",
        certainty=Certainty.SECONDARY,
        lead=_material_and_minor(days(1)),
        exempts="editorial changes",
    ),
    Rule(
        id="reg-z",
        title="US: credit cards",
        source="12 CFR 1026.9(c)(2) (Regulation Z)",
        scope="issuers of credit cards",
        duty="written notice of a significant change in terms",
        certainty=Certainty.UNVERIFIED,
        lead=_material(days(45)),
        exempts="changes that are not significant",
    ),
    Rule(
        id="reg-e",
        title="US: electronic fund transfers",
        source="12 CFR 1005.8(a) (Regulation E)",
        scope="financial institutions, towards consumers",
        duty="written notice of a change that is adverse to the consumer",
        certainty=Certainty.UNVERIFIED,
        lead=_material(days(21)),
        exempts="changes that are not adverse",
    ),
    Rule(
        id="hipaa",
        title="US: health plans",
        source="45 CFR 164.520 (HIPAA)",
        scope="health plans, towards the people they cover",
        duty="tell of a material revision within 60 days of it; a change may not be applied before the notice says so",
        certainty=Certainty.UNVERIFIED,
        note="The 60 days run after the revision, so they are no lead time.",
    ),
    Rule(
        id="github",
        title="GitHub's practice",
        source="github/site-policy",
        scope="whoever adopts it",
        duty="a window for comments before a change is merged",
        certainty=Certainty.READ,
        lead={Change.MATERIAL: days(30), Change.MINOR: days(1), Change.EDITORIAL: days(1)},
        exempts="nothing: other than material changes get 24 hours",
    ),
)

BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
