using System.Numerics;

namespace AspireGateway.Gateway.Guardrails.PersonalData;

/// <summary>The names of the kinds, as a finding and a placeholder carry them.</summary>
internal static class PersonalDataTypes
{
    private static readonly string[] Names =
    [
        "EMAIL", "PHONE", "CREDIT_CARD", "IBAN", "US_SSN", "UK_NHS", "UK_NINO", "DE_TAX_ID", "FR_NIR", "ES_DNI", "ES_NIE", "IT_CODICE_FISCALE", "PL_PESEL", "NL_BSN", "BR_CPF",
        "BR_CNPJ", "IN_AADHAAR", "IN_PAN", "AU_TFN", "CA_SIN", "SG_NRIC", "PASSPORT", "DRIVING_LICENCE", "IP_ADDRESS", "MAC_ADDRESS", "CRYPTO_ADDRESS", "DATE_OF_BIRTH",
        "STREET_ADDRESS", "PERSON", "ORGANISATION",
    ];

    /// <summary>All names, in the order of the bits of <see cref="PersonalDataKinds"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of one kind.</summary>
    public static string NameOf(PersonalDataKinds kind) => Names[BitOperations.TrailingZeroCount((uint)kind)];

    /// <summary>The kind of a name.</summary>
    /// <returns>False when there is none; upper and lower case differ.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out PersonalDataKinds kind)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (!name.SequenceEqual(Names[i])) continue;
            kind = (PersonalDataKinds)(1 << i);
            return true;
        }
        kind = PersonalDataKinds.None;
        return false;
    }
}
