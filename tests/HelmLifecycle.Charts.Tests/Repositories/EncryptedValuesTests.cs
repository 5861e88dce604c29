using System.Diagnostics;

namespace HelmLifecycle.Charts.Tests;

public sealed class EncryptedValuesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("age").FullName;

    [RequiresProgramFact("age", "age-keygen")]
    public async Task A_file_encrypted_with_age_is_recognised_by_its_content_and_decrypted_in_memory()
    {
        (string file, string key) = Encrypt("db:\n  password: correct horse\n  port: 5432\n");
        DecryptedSources resolved = await EncryptedValues.ResolveAsync([ValuesSource.File(file)], [new AgeDecryptor(key)]);

        GoMap values = await new HelmValuesMerger().MergeAsync(resolved.Sources);
        values["db"].AsMap!["password"].AsString.Should().Be("correct horse");
        resolved.Secrets.Should().BeEquivalentTo("correct horse");
        Directory.GetFiles(_folder).Select(Path.GetFileName).Should().BeEquivalentTo("key.txt", "values.age");
        resolved.Sources.Single().ToString().Should().NotContain("horse");
    }

    [RequiresProgramFact("age", "age-keygen")]
    public async Task The_wrong_key_is_said_without_anything_of_the_content()
    {
        (string file, _) = Encrypt("a: secret text\n");
        string other = Keygen("other.txt");
        Func<Task> resolve = () => EncryptedValues.ResolveAsync([ValuesSource.File("secrets://" + file)], [new AgeDecryptor(other)]);
        (await resolve.Should().ThrowAsync<ValuesException>()).Which.Message.Should().Contain("cannot be decrypted").And.NotContain("secret text");
    }

    [RequiresProgramFact("age", "age-keygen")]
    public async Task What_is_decrypted_but_no_YAML_is_not_quoted_in_the_message()
    {
        (string file, string key) = Encrypt("a: [secret text\n");
        Func<Task> resolve = () => EncryptedValues.ResolveAsync([ValuesSource.File(file)], [new AgeDecryptor(key)]);
        (await resolve.Should().ThrowAsync<ValuesException>()).Which.ToString().Should().NotContain("secret text");
    }

    [Fact]
    public async Task A_SOPS_file_goes_to_sops_and_a_missing_program_is_named()
    {
        string file = Path.Combine(_folder, "values.yaml");
        await File.WriteAllTextAsync(file, "password: ENC[AES256_GCM,data:x]\nsops:\n  mac: ENC[AES256_GCM,data:y]\n  version: 3.8.1\n");
        Func<Task> resolve = () => EncryptedValues.ResolveAsync([ValuesSource.File(file)], [new SopsDecryptor("no-such-sops")]);
        (await resolve.Should().ThrowAsync<ValuesException>()).Which.Message.Should().Contain("needs the program no-such-sops, which is not installed");
    }

    [Fact]
    public async Task A_plain_file_is_left_alone_unless_secrets_were_asked_for()
    {
        string file = Path.Combine(_folder, "values.yaml");
        await File.WriteAllTextAsync(file, "a: 1\n");
        ValuesSource plain = ValuesSource.File(file);
        (await EncryptedValues.ResolveAsync([plain], EncryptedValues.Default)).Sources.Should().Equal(plain);
        Func<Task> asked = () => EncryptedValues.ResolveAsync([ValuesSource.File("secrets://" + file)], EncryptedValues.Default);
        (await asked.Should().ThrowAsync<ValuesException>()).WithMessage("*is not encrypted in a way that is known (sops, age)");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (string File, string Key) Encrypt(string text)
    {
        string key = Keygen("key.txt"), file = Path.Combine(_folder, "values.age");
        string recipient = Run("age-keygen", "-y", key).Trim();
        var start = new ProcessStartInfo("age", ["-r", recipient, "-o", file]) { RedirectStandardInput = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(text);
        process.StandardInput.Close();
        process.WaitForExit();
        return (file, key);
    }

    private string Keygen(string name)
    {
        string path = Path.Combine(_folder, name);
        Run("age-keygen", "-o", path);
        return path;
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
