using System.Text.Json;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>How one kind of check is spoken to. Pure.</summary>
internal interface ICheckProtocol
{
    /// <summary>Whether the body is signed with the secret; else the secret is sent as a bearer token.</summary>
    bool IsSigned { get; }

    /// <summary>Writes the question.</summary>
    void Write(Utf8JsonWriter json, string? model, CheckQuestion question);

    /// <summary>Reads the answer; null = it is none.</summary>
    CheckAnswer? Read(JsonElement answer, CheckQuestion question);
}
