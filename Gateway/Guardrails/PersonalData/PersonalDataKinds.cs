namespace AspireGateway.Gateway.Guardrails.PersonalData;

/// <summary>Which kinds of personal data are looked for; a set. The name of each in a finding is in <see cref="PersonalDataTypes"/>.</summary>
[Flags]
internal enum PersonalDataKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Addresses of electronic mail.</summary>
    Email = 1 << 0,

    /// <summary>Telephone numbers, international and national.</summary>
    Phone = 1 << 1,

    /// <summary>Numbers of payment cards.</summary>
    CreditCard = 1 << 2,

    /// <summary>International bank account numbers.</summary>
    Iban = 1 << 3,

    /// <summary>Social security numbers of the United States.</summary>
    UsSsn = 1 << 4,

    /// <summary>Patients' numbers of the British National Health Service.</summary>
    UkNhs = 1 << 5,

    /// <summary>British national insurance numbers.</summary>
    UkNino = 1 << 6,

    /// <summary>German tax identification numbers.</summary>
    DeTaxId = 1 << 7,

    /// <summary>French social security numbers (numéro d'inscription au répertoire).</summary>
    FrNir = 1 << 8,

    /// <summary>Spanish identity card numbers.</summary>
    EsDni = 1 << 9,

    /// <summary>Spanish identity numbers of foreigners.</summary>
    EsNie = 1 << 10,

    /// <summary>Italian fiscal codes of persons.</summary>
    ItCodiceFiscale = 1 << 11,

    /// <summary>Polish population register numbers.</summary>
    PlPesel = 1 << 12,

    /// <summary>Dutch citizen service numbers.</summary>
    NlBsn = 1 << 13,

    /// <summary>Brazilian taxpayer numbers of persons.</summary>
    BrCpf = 1 << 14,

    /// <summary>Brazilian taxpayer numbers of companies.</summary>
    BrCnpj = 1 << 15,

    /// <summary>Indian Aadhaar numbers.</summary>
    InAadhaar = 1 << 16,

    /// <summary>Indian permanent account numbers.</summary>
    InPan = 1 << 17,

    /// <summary>Australian tax file numbers.</summary>
    AuTfn = 1 << 18,

    /// <summary>Canadian social insurance numbers.</summary>
    CaSin = 1 << 19,

    /// <summary>Singapore's identity card numbers of residents and foreigners.</summary>
    SgNric = 1 << 20,

    /// <summary>Passport numbers beside a word that names them.</summary>
    Passport = 1 << 21,

    /// <summary>Numbers of driving licences.</summary>
    DrivingLicence = 1 << 22,

    /// <summary>IP addresses, version 4 and 6.</summary>
    IpAddress = 1 << 23,

    /// <summary>Hardware addresses of network interfaces.</summary>
    MacAddress = 1 << 24,

    /// <summary>Addresses of Bitcoin, its relatives and Ethereum.</summary>
    CryptoAddress = 1 << 25,

    /// <summary>Dates beside a word of birth.</summary>
    DateOfBirth = 1 << 26,

    /// <summary>Streets with a house number, with the town that follows.</summary>
    StreetAddress = 1 << 27,

    /// <summary>Names of persons.</summary>
    Person = 1 << 28,

    /// <summary>Names of companies and institutions.</summary>
    Organisation = 1 << 29,

    /// <summary>All of them.</summary>
    All = (1 << 30) - 1,
}
