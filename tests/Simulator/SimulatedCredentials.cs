namespace AspireGateway.Simulator;

/// <summary>The credentials that the simulator checks. They open nothing else.</summary>
public static class SimulatedCredentials
{
    /// <summary>Access key of the one signer that Bedrock's routes know: the pair of AWS's published signing examples.</summary>
    public const string AwsAccessKeyId = "AKIDEXAMPLE";

    /// <summary>The secret to <see cref="AwsAccessKeyId"/>.</summary>
    public const string AwsSecretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// <summary>The secret that the token endpoint of Entra ID accepts, for any tenant and client.</summary>
    public const string EntraClientSecret = "simulated-client-secret";

    /// <summary>The project that the Google service account belongs to.</summary>
    public const string GoogleProject = "sim-project";
}
