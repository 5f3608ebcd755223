using AspireGateway.GuardrailReport;

// Measures the recognisers of personal data and of secrets on texts that it makes itself, the same ones each time, and what looking at a request takes.
//   dotnet run -c Release --project tests/GuardrailReport -- personal-data | secrets | speed | screen | groundedness | cold [warm] | languages | topics [misses] | misses [TYPE]
switch (args)
{
    case ["personal-data"]:
        PersonalDataReport.Write(Console.Out);
        return 0;
    case ["misses", .. var types]:
        PersonalDataReport.WriteMisses(Console.Out, types);
        return 0;
    case ["secrets"]:
        SecretReport.Write(Console.Out);
        return 0;
    case ["speed"]:
        SpeedReport.Write(Console.Out);
        return 0;
    case ["groundedness"]:
        GroundingReport.Write(Console.Out);
        return 0;
    case ["screen"]:
        ScreenReport.Write(Console.Out);
        return 0;
    case ["cold", .. var how]:
        ColdReport.Write(Console.Out, isWarm: how is ["warm"]);
        return 0;
    case ["topics"]:
        TopicReport.Write(Console.Out);
        return 0;
    case ["topics", "misses"]:
        TopicReport.WriteMisses(Console.Out);
        return 0;
    case ["languages"]:
        LanguageReport.Write(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine("usage: GuardrailReport personal-data | secrets | speed | screen | groundedness | languages | misses [TYPE]");
        return 1;
}
